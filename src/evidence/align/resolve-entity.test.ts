import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
});
