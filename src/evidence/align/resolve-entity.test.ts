import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createEntityResolver } from './resolve-entity.ts';

const resolve = createEntityResolver();

describe('entity resolution', () => {
  test('calls a record by its service, else host, device or pod', () => {
    assert.equal(
      resolve({ 'service.name': 'checkout', 'host.name': 'web1' }).component,
      'checkout',
    );
    assert.equal(resolve({ 'host.name': 'web1' }).component, 'web1');
    assert.equal(resolve({ sysName: 'r1' }).component, 'r1');
    assert.equal(resolve({ 'k8s.pod.name': 'checkout-5d9' }).component, 'checkout-5d9');
    assert.equal(resolve({}).component, undefined);
  });

  test('takes the name of an SDK for no name', () => {
    assert.equal(
      resolve({ 'service.name': 'unknown_service:node', host: 'web1' }).component,
      'web1',
    );
  });

  test('knows a host by any of its spellings', () => {
    for (const key of [
      'host.name',
      'hostname',
      'host',
      'HOSTNAME',
      'agent.hostname',
      '_HOSTNAME',
    ]) {
      assert.equal(resolve({ [key]: 'Web1.example.com' }).host, 'web1', key);
    }
    assert.equal(resolve({ 'host.name': '10.0.0.7' }).host, '10.0.0.7');
  });

  test('gives all records of a host one clock, whatever service writes them', () => {
    const host = { 'host.id': 'abc', 'host.name': 'web1' };
    assert.equal(resolve({ ...host, 'service.name': 'a' }).clock, 'host:abc');
    assert.equal(resolve({ ...host, 'service.name': 'b' }).clock, 'host:abc');
  });

  test('gives instances on unknown hosts a clock each', () => {
    const instance = { 'service.name': 'a', 'service.instance.id': 'i-1' };
    assert.equal(resolve(instance).clock, 'instance:i-1');
    assert.equal(resolve({ ...instance, 'k8s.pod.uid': 'p-1' }).clock, 'instance:p-1');
    assert.equal(
      resolve({ 'service.name': 'a', 'service.namespace': 'shop' }).clock,
      'service:shop/a',
    );
  });

  test('merges names only when told to', () => {
    const aliased = createEntityResolver(new Map([['ip-10-0-0-7', 'web1']]));
    assert.equal(aliased({ 'host.name': 'ip-10-0-0-7' }).component, 'web1');
    assert.equal(aliased({ 'host.name': 'web2' }).component, 'web2');
  });

  test('takes an alias of a host in any case, with its domain or without', () => {
    const aliased = createEntityResolver(
      new Map([
        ['IP-10-0-0-7', 'web1'],
        ['db.eu.example', 'db'],
      ]),
    );
    assert.equal(aliased({ hostname: 'ip-10-0-0-7.ec2.internal' }).host, 'web1');
    assert.equal(aliased({ 'host.name': 'DB.eu.example' }).host, 'db');
    assert.equal(aliased({ 'host.name': 'db.us.example' }).host, 'db', 'its short name');
    assert.equal(aliased({ 'host.name': 'db2.eu.example' }).host, 'db2');
  });
});

/** The order of the design, the surest first; every value is the text of its own key. */
const WORKLOAD = ['k8s.pod.uid', 'container.id', 'service.instance.id', 'ns/name', 'service.name'];
const MACHINE = ['host.id', 'machine-id', 'host.name', 'host.ip', 'host.mac'];
const DEVICE = ['sysName', 'hw.serial_number', 'device.management.address'];
const ORDER = [...WORKLOAD, ...MACHINE, ...DEVICE];

/** A resource that has these attributes, each with a value that nothing else has. */
function resourceOf(keys: ReadonlySet<string>): Record<string, string> {
  const plain = ORDER.filter((key) => keys.has(key) && key !== 'ns/name');
  return {
    ...Object.fromEntries(plain.map((key) => [key, valueOf(key)])),
    ...(keys.has('ns/name') ? { 'service.namespace': 'shop', 'service.name': 'svc' } : {}),
  };
}

function valueOf(key: string): string {
  if (key === 'ns/name') return 'shop/svc';
  return key === 'service.name' ? 'svc' : key.replace(/[^a-z]/gi, '');
}

const keySet = fc.subarray(ORDER).map((keys) => new Set(keys));

test('the surest identifier that is an alias decides, whatever else is an alias', () => {
  fc.assert(
    fc.property(keySet, keySet, (present, aliased) => {
      const aliases = new Map([...aliased].map((key) => [valueOf(key), `component of ${key}`]));
      const deciding = ORDER.find((key) => {
        const isThere = present.has(key) || (key === 'service.name' && present.has('ns/name'));
        return isThere && aliased.has(key);
      });
      // A service that nobody renames is more than the host that it runs on.
      const hasService = present.has('service.name') || present.has('ns/name');
      const isAbove = deciding !== undefined && WORKLOAD.includes(deciding);
      const hasPod = present.has('k8s.pod.uid') || present.has('container.id');
      const { component } = createEntityResolver(aliases)(resourceOf(present));
      if (deciding !== undefined && (isAbove || !(hasService || hasPod))) {
        assert.equal(component, `component of ${deciding}`);
      } else {
        assert.equal(component, resolve(resourceOf(present)).component, 'no other name is taken');
      }
    }),
  );
});

test('without an alias no two names become one', () => {
  const text = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(text, text, text, (a, b, shared) => {
      const both = { 'host.ip': shared, 'container.id': shared };
      const one = resolve({ ...both, 'service.name': a }).component;
      assert.equal(one === resolve({ ...both, 'service.name': b }).component, a === b);
    }),
  );
});
