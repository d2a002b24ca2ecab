import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { ApiClient } from '../../src/api/client.ts';
import { serve } from '../api/served.ts';
import { makePlace } from '../place/place.ts';

const TOKEN = 'lg_the-token-of-this-directory';

/** Another program that listens where a daemon might, and remembers what it was asked. */
async function startStranger(t: TestContext, port: number, answer: RequestListener) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  return { asked, url: `http://127.0.0.1:${bound}` };
}

/** Whether a request carried the token in any header. */
function tellsToken({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.some((text) => text.includes(TOKEN));
}

test('the token of a data directory is not sent to another who listens there', async (t) => {
  const place = await makePlace(t);
  await place.write('data/admin.token', `${TOKEN}\n`);
  const { asked } = await startStranger(t, place.uiPort, (_request, response) => {
    response.end('{"proof":"00"}');
  });
  const config = ['--config', place.configFile];
  const byConfig = await place.run(['status', ...config]);
  assert.equal(byConfig.code, 3, byConfig.err);
  assert.match(byConfig.err, /LG_API_DAEMON_UNREACHABLE: no daemon runs on \S+data; what listens/);

  // What a daemon that was killed leaves behind.
  const url = `http://127.0.0.1:${place.uiPort}`;
  await place.write('data/daemon.json', JSON.stringify({ pid: 1, url }));
  assert.equal((await place.run(['status'])).code, 3);
  assert.equal((await place.run(['status', '--url', url])).code, 3);

  assert.equal(asked.length, 3, 'the listener was really asked');
  assert.deepEqual(asked.filter(tellsToken), []);
});

test('a named data directory where no daemon ran is said to have none', async (t) => {
  const place = await makePlace(t);
  const answer = await place.run(['status']);
  assert.equal(answer.code, 3, answer.err);
  assert.match(answer.err, /LG_API_DAEMON_UNREACHABLE: no daemon runs on \S+data/);
});

test('a daemon proves that it knows the token, and nobody can borrow its proof', async (t) => {
  await using served = await serve({}, { ownerToken: TOKEN });
  const { url } = served.server;
  const codeOf = async (at: string, token = TOKEN): Promise<unknown> => {
    const client = new ApiClient({ url: at, token, tokenFolder: '/data' });
    return client.call('status', {}).catch((error: unknown) => Object(error).code);
  };
  // The register of this server has another token: it was sent and refused.
  assert.equal(await codeOf(url), 'LG_ACCESS_TOKEN_UNKNOWN');
  assert.equal(await codeOf(url, 'lg_of-another-directory'), 'LG_API_DAEMON_UNREACHABLE');

  const relay = await startStranger(t, 0, (request, response) => {
    void fetch(`${url}${request.url ?? ''}`)
      .then((answer) => answer.text())
      .then((text) => response.end(text));
  });
  assert.equal(await codeOf(relay.url), 'LG_API_DAEMON_UNREACHABLE');
  assert.equal(relay.asked.length, 1);
  assert.deepEqual(relay.asked.filter(tellsToken), []);
});

test('an old proof is worth nothing: every caller asks anew', async (t) => {
  await using served = await serve({}, { ownerToken: TOKEN });
  const { port } = served.server;
  const client = new ApiClient({ url: served.server.url, token: TOKEN, tokenFolder: '/data' });
  const proved = await served.send({ path: `/api/v1/owner?nonce=${'0'.repeat(64)}` });
  assert.match(String(proved.json()['proof']), /^[0-9a-f]{64}$/);
  await served.server.close();
  const { asked } = await startStranger(t, port, (_request, response) => {
    response.end(JSON.stringify(proved.json()));
  });
  await assert.rejects(client.call('status', {}), /LG_API_DAEMON_UNREACHABLE/);
  assert.equal(asked.length, 1);
  assert.deepEqual(asked.filter(tellsToken), []);
});
