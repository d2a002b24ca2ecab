import assert from 'node:assert/strict';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { after, test } from 'node:test';

import { err, ok } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { askProbe, type RunCommand } from './probe.ts';

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return (address satisfies AddressInfo).port;
}

const noCommand: RunCommand = () => {
  throw new Error('no command is run here');
};

function http(url: string, expect = 200, timeoutMs = 2_000): ReturnType<typeof askProbe> {
  return askProbe('shop', { kind: 'http', url, expect, timeoutMs }, noCommand);
}

test('an HTTP probe is green on the expected status only, a redirect is red', async () => {
  const port = await listen(
    createHttp((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/healthz' });
      else response.writeHead(request.url === '/healthz' ? 200 : 503);
      response.end('x');
    }),
  );
  assert.deepEqual(await http(`http://127.0.0.1:${port}/healthz`), {
    check: `shop: GET http://127.0.0.1:${port}/healthz`,
    component: 'shop',
    color: 'green',
    seen: 'answered 200',
  });
  assert.equal((await http(`http://127.0.0.1:${port}/sick`)).color, 'red');
  assert.equal((await http(`http://127.0.0.1:${port}/moved`)).seen, 'answered 302, expected 200');
});

test('an HTTP probe that gets no answer in time is red', async () => {
  const port = await listen(createServer(() => undefined));
  const sample = await http(`http://127.0.0.1:${port}/`, 200, 50);
  assert.deepEqual([sample.color, sample.seen], ['red', 'no answer within 50 ms']);
});

test('a TCP probe is green when somebody accepts and red when nobody listens', async () => {
  const server = createServer((socket) => socket.end());
  const port = await listen(server);
  const probe = { kind: 'tcp', address: '127.0.0.1', port, timeoutMs: 2_000 } as const;
  assert.equal((await askProbe('shop', probe, noCommand)).color, 'green');
  await new Promise((resolve) => server.close(resolve));
  const refused = await askProbe('shop', probe, noCommand);
  assert.deepEqual([refused.color, refused.seen], ['red', 'ECONNREFUSED']);
  assert.equal((await http(`http://127.0.0.1:${port}/`)).color, 'red');
});

test('a name that does not resolve could not be asked: unknown', async () => {
  assert.equal((await http('http://no-such-host.invalid/')).color, 'unknown');
});

test('a command probe is judged by its exit, and unknown when it could not be run', async () => {
  const probe = { kind: 'command', command: ['check-shop', '-v'], timeoutMs: 100 } as const;
  const exit =
    (exitCode: number): RunCommand =>
    async () =>
      ok({ exitCode, stdout: new Uint8Array(), stderr: '' });
  assert.equal((await askProbe('shop', probe, exit(0))).color, 'green');
  assert.equal((await askProbe('shop', probe, exit(2))).color, 'red');
  const absent: RunCommand = async () => err(lgError('LG_PROVIDER_COMMAND_FAILED', 'not found'));
  const sample = await askProbe('shop', probe, absent);
  assert.deepEqual([sample.color, sample.seen], ['unknown', 'not found']);
});
