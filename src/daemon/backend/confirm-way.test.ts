import assert from 'node:assert/strict';
import { test } from 'node:test';

import { confirmWay } from './confirm-way.ts';

const own = new Set(['192.0.2.7', 'fe80::1']);

test('who calls from this machine, by whatever address, has not come over the network', () => {
  for (const near of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '192.0.2.7', '::ffff:192.0.2.7']) {
    assert.equal(confirmWay(near, own), 'loopback', near);
  }
  assert.equal(confirmWay('fe80::1%eth0', own), 'loopback');
});

test('who calls from another machine has', () => {
  assert.equal(confirmWay('192.0.2.8', own), 'network');
  assert.equal(confirmWay('::ffff:192.0.2.8', own), 'network');
});
