import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { listeningSockets } from './sockets.ts';

/** As a kernel printed it. */
function captured(name: string): string {
  return readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');
}

const TCP = captured('proc-net-tcp.txt');
const TCP6 = captured('proc-net-tcp6.txt');

test('who listens is told by address, port, user and inode; connections are not', () => {
  assert.deepEqual(listeningSockets('tcp', TCP, true), [
    { protocol: 'tcp', address: '127.0.0.1', port: 8080, uid: 1000, inode: '51234' },
  ]);
  assert.equal(listeningSockets('tcp6', TCP6, true)[0]?.address, '2001:db8::1');
});

test('the real table of this kernel holds a server of ours', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const table = readFileSync('/proc/net/tcp', 'utf8');
  const sockets = listeningSockets('tcp', table, endianness() === 'LE');
  assert.ok(sockets.some((one) => one.port === port && one.address === '127.0.0.1'));
});

test('lines of any other form are passed over', () => {
  fc.assert(
    fc.property(fc.string(), (noise) => {
      assert.equal(listeningSockets('tcp', `${noise}\n${TCP}`, true).length >= 1, true);
      listeningSockets('udp6', noise, false);
    }),
  );
});
