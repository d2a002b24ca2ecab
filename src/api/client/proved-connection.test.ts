import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { provedConnection } from './proved-connection.ts';

/** What a stranger on the port answers, and how the question ends. */
async function asked(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const owner = new URL(`http://127.0.0.1:${port}/api/v1/owner`);
  try {
    const own = { token: 'lg_token', folder: '/data' };
    const agent = await provedConnection(owner, own, { timeoutMs: 400 });
    agent.destroy();
    return 'proved';
  } catch (error) {
    return String(error);
  } finally {
    server.close();
  }
}

test('a stranger on the port holds nobody up, whatever he answers', async () => {
  const switching = await asked((socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
  });
  assert.match(switching, /LG_API_DAEMON_UNREACHABLE: no daemon of \/data answers/);
  const trickling = await asked((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), 20);
    socket.once('close', () => clearInterval(timer));
  });
  assert.match(trickling, /LG_API_DAEMON_UNREACHABLE: no daemon of \/data answers in time/);
  const gone = await asked((socket) => socket.end());
  assert.match(gone, /LG_API_DAEMON_UNREACHABLE/);
});
