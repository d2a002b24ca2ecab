import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedGroup } from './control-group.ts';

test('what leaves one hierarchy of several still ends with the groups it stayed in', () => {
  const daemon = '4:pids:/lastgood\n1:name=systemd:/lastgood\n0::/lastgood\n';
  const stayed = '4:pids:/\n1:name=systemd:/lastgood\n0::/lastgood-deadman\n';
  assert.equal(sharedGroup(daemon, stayed)?.hierarchy, 'name=systemd');
  const left = '4:pids:/\n1:name=systemd:/\n0::/lastgood-deadman\n';
  assert.equal(sharedGroup(daemon, left), undefined);
});

test("a group below the daemon's ends with it, one with a longer name does not", () => {
  assert.equal(sharedGroup('0::/a/b\n', '0::/a/b/c\n')?.path, '/a/b');
  assert.equal(sharedGroup('0::/a/b\n', '0::/a/bc\n'), undefined);
});

test('at the root there is no group that anybody could end', () => {
  assert.equal(sharedGroup('1:pids:/\n0::/\n', '1:pids:/\n0::/lastgood-deadman\n'), undefined);
});
