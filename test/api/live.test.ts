import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answered, serve, type Served } from './served.ts';

const health = answered({ status: 'ok' as const });

test('a sign-in link signs one browser in, once, until it signs out', async () => {
  await using served = await serve({ status: answered({}) as never });
  const token = await served.token('admin');
  const [view] = served.tokens.list();
  const link = served.server.signInLink({ id: `token:${view?.id}`, role: 'admin' });
  const path = link.slice(served.server.url.length);
  const first = await served.send({ path });
  assert.equal(first.status, 200);
  const set = String(first.headers['set-cookie']);
  assert.match(set, /HttpOnly; SameSite=Strict; Max-Age=43200$/);
  const cookie = set.split(';')[0] ?? '';
  const again = await served.send({ path });
  assert.equal(again.json()['code'], 'LG_ACCESS_SIGN_IN_EXPIRED');

  const origin = served.server.url;
  const asked = await served.send({ path: '/api/v1/status', headers: { cookie } });
  assert.equal(asked.status, 200);
  const write = { method: 'POST', path: '/api/v1/checkpoints/forget', body: '{}' };
  const forged = await served.send({ ...write, headers: { cookie } });
  assert.equal(forged.json()['code'], 'LG_ACCESS_ORIGIN_REFUSED');
  const own = await served.send({ ...write, headers: { cookie, origin } });
  assert.equal(own.json()['code'], 'LG_API_NOT_FOUND');

  const asLink = { method: 'POST', path: '/api/v1/session/link' };
  assert.equal((await served.send(asLink)).status, 401, 'strangers get no link');
  const mine = (await served.send({ ...asLink, token })).json()['path'];
  assert.equal((await served.send({ path: String(mine) })).status, 200);
  assert.equal((await served.send({ path: String(mine) })).status, 403, 'nor a second time');

  const out = { method: 'DELETE', path: '/api/v1/session', headers: { cookie, origin } };
  assert.equal((await served.send(out)).status, 200);
  assert.equal((await served.send({ path: '/api/v1/status', headers: { cookie } })).status, 401);

  const form = { method: 'POST', path: '/api/v1/session', headers: { origin } };
  const by = await served.send({ ...form, body: JSON.stringify({ token }) });
  assert.equal(by.status, 200);
  const second = String(by.headers['set-cookie']).split(';')[0] ?? '';
  await served.tokens.revoke(view?.id ?? '', 'test');
  const ended = await served.send({ path: '/api/v1/status', headers: { cookie: second } });
  assert.equal(ended.status, 401, 'a session ends with the token that began it');
  const wrong = await served.send({ ...form, body: '{"token":"lg_wrong"}' });
  assert.equal(wrong.json()['code'], 'LG_ACCESS_TOKEN_UNKNOWN');
});

test('of two tokens one is revoked: its session ends and the other goes on', async () => {
  await using served = await serve({ status: answered({}) as never });
  const origin = served.server.url;
  const signIn = async (token: string): Promise<() => Promise<number>> => {
    const form = { method: 'POST', path: '/api/v1/session', headers: { origin } };
    const by = await served.send({ ...form, body: JSON.stringify({ token }) });
    const cookie = String(by.headers['set-cookie']).split(';')[0] ?? '';
    return async () => (await served.send({ path: '/api/v1/status', headers: { cookie } })).status;
  };
  const [ann, bob] = [await served.token('viewer'), await served.token('viewer')];
  const [asAnn, asBob] = [await signIn(ann), await signIn(bob)];
  assert.deepEqual([await asAnn(), await asBob()], [200, 200]);
  const [first] = served.tokens.list();
  await served.tokens.revoke(first?.id ?? '', 'test');
  assert.deepEqual([await asAnn(), await asBob()], [401, 200]);
});

/** One request over a kept connection; answers its local port, which names the connection. */
async function over(agent: Agent, served: Served, token: string): Promise<number> {
  const sent = request({
    agent,
    host: '127.0.0.1',
    port: served.server.port,
    path: '/api/v1/runs/run_1',
    headers: { authorization: `Bearer ${token}` },
  }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const port = sent.socket?.localPort ?? 0;
  response.resume();
  await once(response, 'end');
  return port;
}

test('connections opened before the run applied are closed, and new ones are newer', async () => {
  await using served = await serve({ runShow: answered({ run: 'run_1' }) as never });
  const token = await served.token('responder');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = await over(agent, served, token);
  assert.equal(await over(agent, served, token), before, 'the connection is kept');
  served.clock.advance(5000);
  served.server.closeOlderConnections();
  // The agent notices the hang-up before it can be asked to use the connection again.
  const [kept] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
  if (kept !== undefined && !kept.destroyed) await once(kept, 'close');
  assert.notEqual(await over(agent, served, token), before);
  agent.destroy();
  const times = served.reached.map(({ caller }) => caller.connectedAtMs);
  assert.deepEqual(times, [0, 0, 5000]);
});

test('the stream tells what changes within the scope, and ends when asked to be new', async () => {
  await using served = await serve();
  const token = await served.token('viewer', { components: ['checkout'] });
  const open = request({
    agent: false,
    host: '127.0.0.1',
    port: served.server.port,
    path: '/api/v1/stream',
    headers: { authorization: `Bearer ${token}` },
  }).end();
  const [response] = (await once(open, 'response')) as [IncomingMessage];
  assert.match(response.headers['content-type'] ?? '', /^text\/event-stream/);
  response.setEncoding('utf8');
  let text = '';
  response.on('data', (part: string) => {
    text += part;
  });
  const at = '2026-01-01T00:00:00Z';
  const signal = (component: string) => ({
    id: component,
    phase: 'raised' as const,
    trigger: 't',
    component,
    at,
    firstBadAt: at,
    value: 1,
    limit: 0,
    reason: 'r',
    actions: [],
  });
  served.emit({ kind: 'signal', at, signal: signal('gateway') });
  served.emit({ kind: 'signal', at, signal: signal('checkout') });
  served.emit({ kind: 'run', at, id: 'run_1', state: 'AWAITING_CONFIRM' });
  served.clock.advance(15_000);
  served.server.closeOlderConnections();
  await once(response, 'end');
  assert.match(text, /event: signal\ndata: .*"component":"checkout"/);
  assert.match(text, /event: run\ndata: \{"kind":"run",.*"AWAITING_CONFIRM"\}\n\n/);
  assert.match(text, /\n:\n\n/, 'a heartbeat');
  assert.doesNotMatch(text, /gateway/);
});

test('a listener that takes nothing is told of its gap and costs a bounded memory', async () => {
  await using served = await serve();
  const token = await served.token('viewer');
  const socket = connect(served.server.port, '127.0.0.1');
  socket.write(
    `GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.pause();
  const at = '2026-01-01T00:00:00Z';
  const id = 'x'.repeat(10_000);
  for (let turn = 0; turn < 2000; turn += 1)
    served.emit({ kind: 'run', at, id, state: 'APPLYING' });
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    text += part.replaceAll('x', '');
  });
  const gapped = Promise.withResolvers<void>();
  socket.on('data', () => {
    if (text.includes('event: gap')) gapped.resolve();
    else served.emit({ kind: 'hold', at, on: true });
  });
  socket.resume();
  await gapped.promise;
  assert.match(text, /event: gap\ndata: \{"kind":"gap","at":"[^"]+","missed":\d+\}/);
  socket.destroy();
});

test('every answer carries the security headers, and data is never cached', async () => {
  const uiFolder = await fs.mkdtemp(join(tmpdir(), 'lg-ui-'));
  await fs.mkdir(join(uiFolder, 'assets'));
  await fs.writeFile(join(uiFolder, 'index.html'), '<title>lastgood</title>');
  await fs.writeFile(join(uiFolder, 'assets', 'app-1a2b.js'), 'start();');
  await using served = await serve({ health }, { uiFolder });
  for (const path of ['/', '/about', '/assets/app-1a2b.js', '/api/v1/health', '/api/x']) {
    const { headers } = await served.send({ path });
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    const cached = path.startsWith('/api')
      ? 'no-store'
      : path.startsWith('/assets')
        ? 'public'
        : 'no-cache';
    assert.equal(String(headers['cache-control']).split(',')[0], cached, path);
  }
  assert.equal((await served.send({ path: '/about' })).text, '<title>lastgood</title>');
  const { headers: moved } = await served.send({ path: '/incidents/inc_1' });
  assert.deepEqual(
    [moved['location'], moved['cache-control'], moved['x-frame-options']],
    ['../#/incidents/inc_1', 'no-store', 'DENY'],
  );
  for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2fx']) {
    assert.doesNotMatch((await served.send({ path })).text, /root:/);
  }
  await fs.rm(uiFolder, { recursive: true });
});

test('the OpenAPI 3.1 document names every call', async () => {
  await using served = await serve();
  const document = (await served.send({ path: '/api/v1/openapi.json' })).json();
  assert.equal(document['openapi'], '3.1.0');
  const paths = Object.keys(Object(document['paths']));
  assert.ok(paths.includes('/api/v1/plans/{id}/apply'), paths.join(' '));
  assert.ok(paths.includes('/api/v1/stream'));
  assert.ok(paths.length >= 45);
});

test('a taken port and an open listener are refused with what to do', async () => {
  await using served = await serve();
  const { port } = served.server;
  await assert.rejects(
    serve({}, { listen: { address: '127.0.0.1', port } }),
    /LG_RUNTIME_PORT_TAKEN/,
  );
  await assert.rejects(
    serve({}, { listen: { address: '0.0.0.0', port: 0 } }),
    /LG_ACCESS_LISTENER_OPEN.*0\.0\.0\.0.*TLS and access tokens/,
  );
});
