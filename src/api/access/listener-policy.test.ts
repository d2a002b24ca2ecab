import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../base/loopback.ts';
import { listenerPolicy } from './listener-policy.ts';

test('only addresses of this machine alone count as loopback', () => {
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    'localhost',
    '::ffff:127.0.0.1',
  ]) {
    assert.equal(isLoopback(address), true, address);
  }
  for (const address of ['0.0.0.0', '::', '', '10.0.0.1', '127.evil.example', '::ffff:10.0.0.1']) {
    assert.equal(isLoopback(address), false, address);
  }
});

test('a listener that others reach demands TLS and tokens, and says which is missing', () => {
  const judge = (address: string, hasTls: boolean, tokens: number): string => {
    const policy = listenerPolicy({ name: 'otlpHttp', address, hasTls, tokens });
    return policy.ok ? 'open' : policy.error.message;
  };
  assert.equal(judge('127.0.0.1', false, 0), 'open');
  assert.equal(judge('0.0.0.0', true, 1), 'open');
  assert.match(judge('0.0.0.0', false, 1), /listen\.otlpHttp is 0\.0\.0\.0.*without TLS\./);
  assert.match(judge('::', true, 0), /without access tokens\./);
  assert.match(judge('192.0.2.1', false, 0), /TLS and access tokens/);
});
