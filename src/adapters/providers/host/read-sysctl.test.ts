import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLeftOut } from './read-sysctl.ts';

test('counters, random numbers and keys are left out; settings are not', () => {
  for (const name of [
    'fs.file-nr',
    'kernel.random.uuid',
    'kernel.ns_last_pid',
    'net.netfilter.nf_conntrack_count',
    'net.ipv6.conf.eth0.stable_secret',
    'net.ipv4.tcp_fastopen_key',
    'net.ipv4.conf.veth1a2b.rp_filter',
    'net.ipv6.neigh.cali12~3.mcast_solicit',
  ]) {
    assert.ok(isLeftOut(name), name);
  }
  for (const name of [
    'vm.swappiness',
    'net.ipv4.ip_forward',
    'net.ipv4.conf.eth0.rp_filter',
    'kernel.randomize_va_space',
  ]) {
    assert.equal(isLeftOut(name), false, name);
  }
});
