import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsPattern as fits } from './name-pattern.ts';

test('a star stands for any characters', () => {
  assert.ok(fits('veth12ab', 'veth*') && fits('lo', 'lo') && fits('/run/user/0', '/run/*'));
  assert.ok(fits('a-b-c', 'a*b*c') && fits('aa', 'a*a') && !fits('a', 'a*a'));
  assert.ok(!fits('/run', '/run/*') && !fits('eth0', 'lo') && !fits('xveth', 'veth*'));
});
