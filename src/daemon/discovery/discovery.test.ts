import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ADAPTER_SCHEMAS, SOURCE_SCHEMAS } from '../../adapters/registry.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import type { Config } from '../../config/schema.ts';
import { unitOf } from '../../linux/control-group.ts';
import { draftInventory, serviceName } from './draft-inventory.ts';
import type { HostFacts, SeenListener } from './host-facts.ts';
import { readContainers } from './read-engines.ts';
import { writeConfig } from './write-config.ts';

const BARE: HostFacts = {
  host: 'web1',
  kind: 'vm',
  listeners: [],
  containers: [],
  logs: [],
  hasJournal: false,
  hasKernelLog: false,
  places: new Set(),
  tools: new Set(),
  remarks: [],
};

/** As captured on a Debian web server with systemd. */
const WEB: HostFacts = {
  ...BARE,
  listeners: [
    { address: '0.0.0.0', port: 22, program: 'sshd', unit: 'ssh.service' },
    { address: '0.0.0.0', port: 80, program: 'nginx', http: { path: '/', status: 301 } },
    { address: '::1', port: 5432, program: 'postgres', unit: 'postgresql@15-main.service' },
    { address: '127.0.0.1', port: 6379, program: 'redis-server' },
    {
      address: '127.0.0.1',
      port: 3000,
      program: 'node',
      unit: 'shop.service',
      http: { path: '/healthz', status: 200 },
    },
    { address: '127.0.0.1', port: 9000, program: 'unknown' },
  ],
  containers: [{ name: 'grafana', image: 'grafana/grafana:11.2', engine: 'docker', ports: [3001] }],
  logs: [
    { path: '/srv/shop/app.log', source: 'shop-logs', component: 'shop' },
    {
      path: '/var/log/nginx/*.log',
      source: 'nginx-logs',
      component: 'nginx',
      refusal: 'its mode is 640',
    },
    { path: '/var/log/apt/*.log', source: 'apt-logs', service: 'apt' },
    { path: '/var/log/dpkg.log', source: 'logs' },
  ],
  hasJournal: true,
  places: new Set(['/etc/nginx', '/etc/redis']),
  tools: new Set(['nginx', 'systemctl', 'pg_isready']),
};

test('a journal that is closed to the daemon is written down with its grant', () => {
  const text = textOf({ ...WEB, journalRefusal: 'grant it: usermod -aG systemd-journal web' });
  assert.match(text, /# Not read as it is: grant it: usermod.*\n {2}- \{ name: journal,/);
  loaded(text);
  assert.doesNotMatch(textOf(WEB), /Not read as it is/);
});

test("the kernel's log is read where nothing else tells it", () => {
  const text = textOf({ ...BARE, hasKernelLog: true });
  assert.match(text, /\n {2}- \{ name: kernel, kind: kmsg \}/);
  loaded(text);
  assert.doesNotMatch(textOf(WEB), /kmsg/);
});

function textOf(facts: HostFacts): string {
  const components = draftInventory(facts);
  return writeConfig({ facts, components, sourceKinds: new Set(SOURCE_SCHEMAS.keys()) });
}

function loaded(text: string): Config {
  const config = loadConfig(text, 'lastgood.yaml', ADAPTER_SCHEMAS);
  assert.ok(config.ok, config.ok ? '' : `${config.error.map(renderProblem).join('\n')}\n${text}`);
  return config.value;
}

test('a web server becomes an inventory with state, health and logs', () => {
  const { components = [], sources = [] } = loaded(textOf(WEB));
  const byName = new Map(components.map((one) => [one.name, one]));
  assert.deepEqual([...byName.keys()].toSorted(), [
    'grafana',
    'nginx',
    'postgres',
    'redis',
    'shop',
    'web1',
  ]);
  assert.deepEqual(byName.get('web1')?.state, [{ provider: 'host' }]);
  assert.deepEqual(byName.get('nginx')?.state, [
    { provider: 'files', paths: ['/etc/nginx'], restart: ['nginx', '-s', 'reload'] },
  ]);
  assert.deepEqual(byName.get('nginx')?.health, [
    { http: 'http://127.0.0.1:80/', expect: 301, timeout: 2_000, external: false },
  ]);
  assert.deepEqual(byName.get('postgres')?.health, [
    { command: ['pg_isready', '-h', '127.0.0.1', '-p', '5432'], timeout: 5_000, external: false },
  ]);
  assert.equal(byName.get('postgres')?.kind, 'database');
  assert.deepEqual(byName.get('shop')?.state, [{ provider: 'service', unit: 'shop.service' }]);
  assert.deepEqual(byName.get('shop')?.dependsOn, ['web1']);
  assert.deepEqual(byName.get('grafana')?.health, [
    { tcp: '127.0.0.1:3001', timeout: 2_000, external: false },
  ]);
  const logs = sources.filter(({ kind }) => kind === 'file');
  assert.deepEqual(
    logs.map(({ name }) => name),
    ['shop-logs', 'apt-logs', 'logs'],
  );
  assert.match(textOf(WEB), /# \/var\/log\/nginx\/\*\.log is not read: its mode is 640/);
});

test('a program with a provider of its own is restored by that one, where it runs as usual', () => {
  const facts = { ...WEB, places: new Set([...WEB.places, '/run/nginx.pid']) };
  const { components = [] } = loaded(textOf(facts));
  const [state] = components.find(({ name }) => name === 'nginx')?.state ?? [];
  assert.equal(state?.provider, 'nginx');
});

test('every example is valid once its # is taken away', () => {
  for (const facts of [BARE, WEB]) {
    const config = loaded(textOf(facts).replaceAll(/^#(?=[^ \n])/gm, ''));
    assert.ok(config.triggers.length > 0);
    assert.ok(config.notify.length > 0);
  }
});

test('a bare host gets a valid configuration that watches the host alone', () => {
  const { components = [] } = loaded(textOf(BARE));
  assert.deepEqual(
    components.map(({ name, kind }) => [name, kind]),
    [['web1', 'vm']],
  );
});

test('whatever programs, units and images are called, the configuration is valid', () => {
  const listener: fc.Arbitrary<SeenListener> = fc.record({
    address: fc.constantFrom('0.0.0.0', '::', '::1', '127.0.0.1', '192.0.2.7'),
    port: fc.integer({ min: 1, max: 65_535 }),
    program: fc.oneof(
      fc.constantFrom('nginx', 'node', 'web1', 'true'),
      fc.string({ minLength: 1 }),
    ),
  });
  const container = fc.record({
    name: fc.string({ minLength: 1 }),
    image: fc.string(),
    engine: fc.constantFrom('docker', 'podman'),
    ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(
      fc.array(listener, { maxLength: 6 }),
      fc.array(container, { maxLength: 3 }),
      fc.array(fc.string(), { maxLength: 2 }),
      (listeners, containers, remarks) => {
        const logs = listeners.map((one, at) => {
          const component = serviceName(one);
          return { path: `/var/log/${at}.log`, source: `${component}-logs`, component };
        });
        loaded(textOf({ ...WEB, listeners, containers, remarks, logs }));
      },
    ),
  );
});

test('containers and units are read as their engines tell them', () => {
  const docker = 'grafana\tgrafana/grafana:11.2\t0.0.0.0:3001->3000/tcp, [::]:3001->3000/tcp\n';
  assert.deepEqual(readContainers('docker', docker), WEB.containers);
  assert.equal(unitOf('0::/system.slice/shop.service\n'), 'shop.service');
  assert.equal(unitOf('0::/user.slice/user-0.slice/session-1.scope\n'), undefined);
});
