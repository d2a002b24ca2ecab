import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSenderList, senderPolicy } from './sender-policy.ts';

test('a listener that others reach names its senders or knows their authority', () => {
  const judge = (address: string, senders: readonly string[], hasAuthority = false): string => {
    const policy = senderPolicy({ name: 'syslogUdp', address, senders, hasAuthority });
    return policy.ok ? 'open' : policy.error.message;
  };
  assert.equal(judge('127.0.0.1', []), 'open');
  assert.equal(judge('0.0.0.0', ['10.0.0.0/8']), 'open');
  assert.equal(judge('0.0.0.0', [], true), 'open');
  assert.match(judge('0.0.0.0', []), /listen\.syslogUdp is 0\.0\.0\.0.*access\.senders/);
  assert.match(judge('::', []), /LG_ACCESS_SENDERS_OPEN|access\.senders/);
});

test('only named networks and this machine may send', () => {
  const admits = createSenderList(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', 'fe80::/10']);
  for (const address of [
    '10.1.2.3',
    '192.0.2.7',
    '2001:db8::5',
    'fe80::1%eth0',
    '127.0.0.1',
    '::1',
  ]) {
    assert.equal(admits(address), true, address);
  }
  for (const address of ['10.2.0.1', '192.0.2.8', '2001:db9::5', '', 'garbage', '0.0.0.0']) {
    assert.equal(admits(address), false, address);
  }
});
