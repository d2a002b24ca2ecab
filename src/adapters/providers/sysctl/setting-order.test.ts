import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSettings, settingPath } from './read-settings.ts';
import { inWritingOrder, settingDrift } from './setting-order.ts';
import { sysctlSpec } from './sysctl-spec.ts';

function setting(path: string, value: string) {
  return { path, attributes: { type: 'setting', value } };
}

test('what sets others is written before them', () => {
  assert.deepEqual(
    inWritingOrder([
      'net.ipv4.conf.eth0.rp_filter',
      'net.ipv4.conf.all.rp_filter',
      'net.ipv4.conf.default.rp_filter',
      'net.ipv4.ip_forward',
    ]),
    [
      'net.ipv4.ip_forward',
      'net.ipv4.conf.all.rp_filter',
      'net.ipv4.conf.default.rp_filter',
      'net.ipv4.conf.eth0.rp_filter',
    ],
  );
});

test('the last file that sets something counts, and spaces are no difference', () => {
  const items = [
    setting('net.ipv4.ip_forward', '1'),
    setting('net.ipv4.tcp_rmem', '4096\t131072\t6291456'),
    setting('net.ipv4.conf.eth0/100.rp_filter', '2'),
    setting('vm.swappiness', '60'),
  ];
  const files = [
    { path: '/etc/sysctl.d/10-a.conf', assignments: [{ name: 'net.ipv4.ip_forward', value: '1' }] },
    {
      path: '/etc/sysctl.conf',
      assignments: [
        { name: 'net.ipv4.ip_forward', value: '0' },
        { name: 'net.ipv4.tcp_rmem', value: '4096 131072   6291456' },
        { name: 'net.ipv4.conf.*.rp_filter', value: '1' },
      ],
    },
  ];
  assert.deepEqual(settingDrift(items, files), [
    'net.ipv4.ip_forward is 1, and /etc/sysctl.conf sets it to 0',
    'net.ipv4.conf.eth0/100.rp_filter is 2, and /etc/sysctl.conf sets it to 1',
  ]);
});

test('no name that may be configured or captured leads out of /proc/sys', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '*') }), (name) => {
      const path = settingPath(name);
      if (path !== undefined) assert.match(path, /^\/proc\/sys(\/[a*][a*.]*|\/\.+[a*.]+)+$/);
      assert.ok(path === undefined || !path.split('/').some((part) => ['.', '..'].includes(part)));
    }),
  );
  assert.equal(sysctlSpec.safeParse({ keys: ['/etc/passwd'] }).success, false);
});

test('a pattern names settings of this host, and what counts, orders or only tells is none', () => {
  const { signal } = new AbortController();
  const read = readSettings(
    ['kernel.pid*', 'kernel.random.*', 'net.ipv4.route.flush', 'kernel.ostype'],
    signal,
  );
  assert.ok(read.settings.some(({ name }) => name === 'kernel.pid_max'));
  assert.ok(read.settings.every(({ name }) => name.startsWith('kernel.pid')));
});
