import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import { listeningSockets } from './sockets.ts';

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51234 1 0000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 51299 1 0000 20 4 30 10 -1
`;
const TCP6 = `   0: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 777 1 0000 100 0 0 10 0
`;

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
