import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readAssignments, swapDotsAndSlashes } from './kernel-settings.ts';

test('a file of sysctl.d says what it sets, in both ways of writing names', () => {
  const text = `# a comment
; another
net.ipv4.ip_forward=1
  net/ipv4/conf/eth0.100/rp_filter = 2
-net.ipv4.tcp_rmem =  4096 131072   6291456\t
nothing here
kernel.core_pattern = |/usr/bin/core %p=%e
`;
  assert.deepEqual(readAssignments(text), [
    { name: 'net.ipv4.ip_forward', value: '1' },
    { name: 'net.ipv4.conf.eth0/100.rp_filter', value: '2' },
    { name: 'net.ipv4.tcp_rmem', value: '4096 131072   6291456' },
    { name: 'kernel.core_pattern', value: '|/usr/bin/core %p=%e' },
  ]);
});

test('the name of a path is the path of its name again, whatever a link is called', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(swapDotsAndSlashes(swapDotsAndSlashes(text)), text);
    }),
  );
});

test('no file keeps its reader for long, and each assignment has a name', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '.', '/', '=', ' ', '\n', '-', '#') }),
      (text) => {
        for (const { name, value } of readAssignments(text)) {
          assert.match(name, /^[^\s=]+$/);
          assert.equal(value, value.trim());
        }
      },
    ),
  );
});
