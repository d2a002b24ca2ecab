import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import { unwrap } from '../../base/result.ts';
import { componentsOf } from '../../config/inventory.ts';
import { loadConfig } from '../../config/load.ts';
import type { ProviderCall } from '../../ports/provider-call.ts';
import { Inventory } from '../recovery/inventory.ts';
import { allowList } from './allow-list.ts';

const text = `
components:
  - name: web
    health: [{ command: [systemctl, is-active, web] }]
    state:
      - provider: files
        paths: [/etc/web]
`;

function webInventory(): Inventory {
  const loaded = loadConfig(text, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  return unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
}

test('a host process acts on configured states and on no other files of the host', () => {
  const inventory = webInventory();
  const allowed = allowList(inventory);
  const [state] = inventory.states;
  assert.ok(state !== undefined);
  const call = { id: 'c', method: 'apply', state, deadlineMs: 1000 } as const;
  assert.equal(allowed.refuseCall(call), undefined);
  const wider = { ...state, spec: { paths: ['/etc'] } };
  assert.equal(allowed.refuseCall({ ...call, state: wider })?.code, 'LG_PROVIDER_NOT_ALLOWED');
  const other = { ...state, id: 'web/files#2' };
  assert.equal(allowed.refuseCall({ ...call, state: other })?.code, 'LG_PROVIDER_NOT_ALLOWED');
});

test('a host process acts on less of a configured state, by the same other settings', () => {
  const more = text.replace('[/etc/web]', '[/etc/web, /srv/web]\n        restart: [web-reload]');
  const loaded = loadConfig(more, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  const inventory = unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
  const allowed = allowList(inventory);
  const [state] = inventory.states;
  assert.ok(state !== undefined);
  const spec = { ...Object(state.spec), paths: ['/etc/web'] };
  const call = { id: 'c', method: 'apply', deadlineMs: 1000 } as const;
  assert.equal(allowed.refuseCall({ ...call, state: { ...state, spec } }), undefined);
  for (const other of [{ paths: ['/etc'] }, { restart: ['sh', '-c', 'anything'] }]) {
    const asked: ProviderCall = { ...call, state: { ...state, spec: { ...spec, ...other } } };
    assert.equal(allowed.refuseCall(asked)?.code, 'LG_PROVIDER_NOT_ALLOWED');
  }
});

test('a host process pauses whom its configuration names, and by no other words', () => {
  const named = text.replace('    state:', '    writers: [{ unit: web-sync.timer }]\n    state:');
  const loaded = loadConfig(named, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  const inventory = unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
  const allowed = allowList(inventory);
  const [state] = inventory.states;
  const [writer] = state?.writers ?? [];
  assert.ok(state !== undefined && writer !== undefined);
  const call = { id: 'c', method: 'pause', state, deadlineMs: 1000 } as const;
  assert.equal(allowed.refuseCall(call), undefined);
  const way = { kind: 'unit', unit: 'sshd.service' } as const;
  const other = { ...state, writers: [{ ...writer, way }] };
  assert.equal(allowed.refuseCall({ ...call, state: other })?.code, 'LG_PROVIDER_NOT_ALLOWED');
});

test('a host process does nothing of what other hosts are for', () => {
  const text = `
hosts: [{ name: fw, socket: /run/fw.sock }]
components:
  - name: web
    state: [{ provider: files, paths: [/etc/web] }]
    health: [{ command: ["true"] }, { command: [ping, web], host: fw }]
  - name: firewall
    host: fw
    state: [{ provider: files, paths: [/etc/fw] }]
    health: [{ command: [nft, list, ruleset] }]
    reach: [{ command: [ping, fw] }, { command: [ping, far], host: fw }]
`;
  const loaded = loadConfig(text, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  const inventory = unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
  const [own, fw, other] = [undefined, 'fw', 'r1'].map((host) => allowList(inventory, host));
  const allows = (list: typeof own, word: string) =>
    list?.refuseCommand(word.split(' ')) === undefined;
  for (const [words, hosts] of [
    ['true', [true, false, false]],
    ['ping web', [false, true, false]],
    ['nft list ruleset', [false, true, false]],
    ['ping fw', [true, false, false]],
    ['ping far', [false, true, false]],
  ] as const) {
    assert.deepEqual(
      [own, fw, other].map((list) => allows(list, words)),
      hosts,
      words,
    );
  }
  const seen = inventory.states.map((state) =>
    [own, fw, other].map((list) => {
      const call = { id: 'c', method: 'apply', state, deadlineMs: 1000 } as const;
      return list?.refuseCall(call) === undefined;
    }),
  );
  assert.deepEqual(seen, [
    [true, false, false],
    [false, true, false],
  ]);
});

test('a host process runs the programs of the sources that name it, and those alone', () => {
  const inventory = webInventory();
  const programs = { watched: [['rtmon', 'file', '-']], run: [['ip', 'route', 'save']] };
  const allowed = allowList(inventory, 'fw', programs);
  assert.equal(allowed.refuseProgram(['rtmon', 'file', '-']), undefined);
  assert.equal(allowed.refuseCommand(['ip', 'route', 'save']), undefined);
  for (const words of [['rtmon', 'file', '/etc/shadow'], ['ip', 'route', 'save'], ['sh']]) {
    assert.equal(allowed.refuseProgram(words)?.code, 'LG_PROVIDER_NOT_ALLOWED');
  }
  assert.notEqual(allowed.refuseCommand(['rtmon', 'file', '-']), undefined);
});

test('a host process runs configured commands word for word and no others', () => {
  const allowed = allowList(webInventory());
  assert.equal(allowed.refuseCommand(['systemctl', 'is-active', 'web']), undefined);
  const longer = allowed.refuseCommand(['systemctl', 'is-active', 'web', 'sshd']);
  assert.equal(longer?.code, 'LG_PROVIDER_NOT_ALLOWED');
  const joined = allowed.refuseCommand(['systemctl is-active web']);
  assert.equal(joined?.code, 'LG_PROVIDER_NOT_ALLOWED');
});
