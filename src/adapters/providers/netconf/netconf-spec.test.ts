import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwned, netconfSpec, wayTo } from './netconf-spec.ts';

test('ssh is told to know the host key and to ask nobody for a password', () => {
  const way = { host: 'r1.example.net', user: 'lastgood', identity: '/etc/lastgood/r1' };
  const words = wayTo(netconfSpec.parse({ ssh: way })).join(' ');
  assert.match(words, /-o StrictHostKeyChecking=yes/);
  assert.match(words, /-o BatchMode=yes/);
  assert.match(words, /-p 830 -l lastgood -s r1\.example\.net netconf$/);
});

test('a way that would trust whoever answers, or none, or two, is refused', () => {
  const loose = ['ssh', '-o', 'StrictHostKeyChecking=no', '-s', 'r1', 'netconf'];
  const ssh = { host: 'r1', user: 'lastgood' };
  for (const spec of [{ command: loose }, {}, { ssh, command: ['nc', 'r1', '830'] }]) {
    assert.equal(netconfSpec.safeParse(spec).success, false, JSON.stringify(spec));
  }
  for (const host of ['-oProxyCommand=reboot', 'r1 r2', '$(reboot)']) {
    assert.equal(netconfSpec.safeParse({ ssh: { ...ssh, host } }).success, false, host);
  }
});

test('the nodes of the state are those that are named, or whole modules', () => {
  const spec = netconfSpec.parse({ command: ['x'], nodes: ['bgp:router', 'qos:*'] });
  assert.deepEqual(
    ['bgp:router', 'bgp:peers', 'qos:shapers', 'aaa:users'].map((path) => isOwned(spec, path)),
    [true, false, true, false],
  );
  assert.equal(isOwned(netconfSpec.parse({ command: ['x'] }), 'aaa:users'), true);
});
