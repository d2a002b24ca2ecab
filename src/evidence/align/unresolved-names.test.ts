import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchOf } from '../../testing/telemetry-test-data.ts';
import type { BatchRow } from '../../model/record/record-batch.ts';
import { NameCensus } from './name-census.ts';
import { unresolvedNames } from './unresolved-names.ts';

type ObservedRow = Partial<BatchRow> & { readonly observedNs: bigint };

const COMPONENTS = [{ name: 'checkout' }, { name: 'payment' }, { name: 'web1' }];

/** A record of a service, or of a host where there is no service. */
function row(
  name: string,
  resource: Readonly<Record<string, unknown>>,
  more: Partial<BatchRow> = {},
): ObservedRow {
  const observedNs = 1_700_000_000_000_000_000n;
  const base = { component: name, observedNs, source: 'otlp', resource: JSON.stringify(resource) };
  return { ...base, ...more };
}

const service = (name: string, resource: Readonly<Record<string, unknown>> = {}) =>
  row(name, resource, { service: name, host: 'web1' });

function unresolvedAfter(
  rows: readonly ObservedRow[],
  aliases: ReadonlyMap<string, string> = new Map(),
) {
  const census = new NameCensus();
  census.observe(batchOf(rows));
  return unresolvedNames(census.names(), {
    components: COMPONENTS,
    aliases,
    selfNaming: (source) => source === 'otlp',
  });
}

function proposedFor(rows: readonly ObservedRow[], name: string): string | undefined {
  return unresolvedAfter(rows).find((one) => one.name === name)?.proposal?.component;
}

test('who names itself must be in the inventory; a program of a known machine need not', () => {
  const cron = row('cron', {}, { service: 'cron', host: 'web1', source: 'journal' });
  const stray = row('cron2', {}, { service: 'cron2', host: 'web9', source: 'journal' });
  const names = unresolvedAfter([service('checkout'), service('shopp'), cron, stray]);
  assert.deepEqual(names.map(({ name }) => name).toSorted(), ['cron2', 'shopp']);
});

test('records that nothing names are told, packets and our own are not', () => {
  const rows = [
    row('', {}),
    row('', {}, { kind: 'packet', source: 'pcap' }),
    row('host:x', {}, { source: 'clocks' }),
  ];
  const [only, ...others] = unresolvedAfter(rows);
  assert.deepEqual(others, []);
  assert.equal(only?.records, 1);
  assert.match(only?.mend ?? '', /service\.name or host\.name/);
});

test('one process, container or pod under two names proposes an alias', () => {
  for (const shared of [
    { 'container.id': 'c1' },
    { 'k8s.pod.uid': 'p1' },
    { 'process.pid': 7, 'host.name': 'web1' },
  ]) {
    const rows = [service('checkout', shared), service('co', shared), service('payment')];
    assert.equal(proposedFor(rows, 'co'), 'checkout', JSON.stringify(shared));
  }
});

test('two containers of a pod and two programs of a machine propose nothing', () => {
  const pod = { 'k8s.pod.uid': 'p1' };
  const sidecar = [
    service('checkout', { ...pod, 'container.id': 'c1' }),
    service('proxy', { ...pod, 'container.id': 'c2' }),
  ];
  assert.equal(proposedFor(sidecar, 'proxy'), undefined);
  const machine = { 'host.ip': ['10.0.0.7'], 'host.id': 'm1' };
  assert.equal(proposedFor([service('checkout', machine), service('x', machine)], 'x'), undefined);
});

test('a machine under its address or with the address of another name is proposed', () => {
  const known = row('web1', { 'host.ip': ['127.0.0.1', '10.0.0.7'] });
  assert.equal(proposedFor([known, row('10.0.0.7', {})], '10.0.0.7'), 'web1');
  const other = row('ip-10-0-0-7', { 'host.ip': ['127.0.0.1', '10.0.0.7'] });
  assert.equal(proposedFor([known, other], 'ip-10-0-0-7'), 'web1');
  const loop = row('elsewhere', { 'host.ip': ['127.0.0.1'] });
  assert.equal(proposedFor([known, loop], 'elsewhere'), undefined, 'every machine has that');
});

test('what several components share proposes none of them', () => {
  const shared = { 'container.id': 'c1' };
  const rows = [service('checkout', shared), service('payment', shared), service('co', shared)];
  assert.equal(proposedFor(rows, 'co'), undefined);
});

test('the line to paste keeps the aliases there are, with quotes where YAML needs them', () => {
  const shared = { 'container.id': 'c1' };
  const rows = [service('checkout', shared), service('on', shared)];
  const [only] = unresolvedAfter(rows, new Map([['till', 'checkout']]));
  assert.match(only?.mend ?? '', /aliases: \[till, "on"\]$/);
});

test('no name is lost: each is a component, an alias, of a known machine, or told', () => {
  const name = fc.constantFrom('checkout', 'payment', 'web1', 'a', 'b', 'c', 'd');
  const rows = fc.array(fc.record({ name, id: fc.constantFrom('1', '2', '3') }), { minLength: 1 });
  fc.assert(
    fc.property(rows, fc.subarray(['a', 'b', 'c', 'd']), (some, aliased) => {
      const aliases = new Map(aliased.map((alias) => [alias, 'checkout']));
      const made = some.map((one) => service(one.name, { 'container.id': one.id }));
      const told = unresolvedAfter(made, aliases);
      const known = new Set([...COMPONENTS.map((one) => one.name), ...aliased]);
      const strange = some.filter((one) => !known.has(one.name));
      assert.deepEqual(
        new Set(told.map((one) => one.name)),
        new Set(strange.map((one) => one.name)),
      );
      assert.equal(
        told.reduce((sum, { records }) => sum + records, 0),
        strange.length,
      );
    }),
  );
});

test('two hosts of one short name are told, and kept apart by aliases', () => {
  const hosts = [
    row('web', { 'host.name': 'web.eu.example.com' }, { host: 'web' }),
    row('web', { 'host.name': 'WEB.us.example.com' }, { host: 'web' }),
  ];
  const [only] = unresolvedAfter(hosts);
  assert.deepEqual(only?.mixed, ['web.eu.example.com', 'web.us.example.com']);
  assert.match(only.mend, /aliases: \["web\.eu\.example\.com"\], aliases: \["web\.us/);
  assert.equal(unresolvedAfter(hosts.slice(0, 1))[0]?.mixed, undefined);
  const aliases = new Map([['web.eu.example.com', 'web1']]);
  assert.equal(unresolvedAfter(hosts, aliases)[0]?.mixed, undefined);
});

test('a component of the inventory that two things are called is told, too', () => {
  const shops = ['prod', 'test'].map((namespace) =>
    service('checkout', { 'service.namespace': namespace }),
  );
  const machines = ['aaa', 'bbb'].map((id) => row('web1', { 'host.id': id }, { host: 'web1' }));
  const told = unresolvedAfter([...shops, ...machines]);
  assert.deepEqual(
    told.map(({ name, mixed }) => [name, mixed]),
    [
      ['checkout', ['prod/checkout', 'test/checkout']],
      ['web1', ['aaa', 'bbb']],
    ],
  );
  // Replicas on several machines are one service.
  const replicas = ['aaa', 'bbb'].map((id) =>
    service('payment', { 'host.id': id, 'service.namespace': 'prod' }),
  );
  assert.deepEqual(unresolvedAfter(replicas), []);
});
