import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { API_ROOT, ROUTES } from '../../src/api/contract.ts';
import { answered, serve, type Received, type Served } from './served.ts';

const health = answered({ status: 'ok' as const });

function isProblem(received: Received, status: number, code: string): void {
  assert.equal(received.status, status, received.text);
  assert.match(received.headers['content-type'] ?? '', /^application\/problem\+json/);
  const { code: found, status: said, title, detail, hint } = received.json();
  assert.deepEqual({ found, said }, { found: code, said: status });
  for (const text of [title, detail, hint]) assert.equal(typeof text, 'string');
  assert.doesNotMatch(received.text, /\.ts:\d|node_modules|at \w+ \(/, 'no stack in an answer');
}

/** Sends bytes as they are and answers all that comes back until the server hangs up. */
async function raw(served: Served, bytes: string): Promise<string> {
  const socket: Socket = connect(served.server.port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

test('bodies that do not fit are told what is wrong with them and reach nothing', async () => {
  await using served = await serve();
  const token = await served.token('responder');
  const post = (body: string | Uint8Array, path = '/api/v1/plans'): Promise<Received> =>
    served.send({ method: 'POST', path, token, body });
  const invalid = 'LG_API_REQUEST_INVALID';
  for (const body of ['{', '[]', '"x"', 'null', '{"reason":1}', '{"reason":""}', '{}', '']) {
    isProblem(await post(body), 400, invalid);
  }
  isProblem(await post('{"reason":"a","planet":"mars"}'), 400, invalid);
  assert.match((await post('{"reason":"a","planet":"mars"}')).text, /planet/);
  isProblem(await post('{"reason":"a","__proto__":{"x":1}}'), 400, invalid);
  isProblem(await post(`{"reason":"${'a'.repeat(2001)}"}`), 400, invalid);
  isProblem(await post(Buffer.from([0xff, 0xfe, 0x00, 0x7b])), 400, invalid);
  isProblem(await post('['.repeat(200_000)), 400, invalid);
  isProblem(await post('{}', '/api/v1/plans?x=1'), 400, invalid);
  isProblem(await post(' '.repeat(1_100_000)), 413, 'LG_API_BODY_TOO_LARGE');
  const xml = { 'content-type': 'application/xml' };
  isProblem(
    await served.send({ method: 'POST', path: '/api/v1/plans', token, body: '<a/>', headers: xml }),
    415,
    'LG_API_MEDIA_UNSUPPORTED',
  );
  assert.deepEqual(served.reached, []);
});

test('paths and queries that do not fit are told what is wrong with them', async () => {
  await using served = await serve({ health });
  const token = await served.token('viewer');
  const get = (path: string): Promise<Received> => served.send({ path, token });
  const invalid = 'LG_API_REQUEST_INVALID';
  isProblem(await get(`/api/v1/checkpoints/${'a'.repeat(201)}`), 400, invalid);
  isProblem(await get('/api/v1/checkpoints/%zz'), 400, invalid);
  for (const query of [
    'limit=0',
    'limit=10001',
    'limit=x',
    'limit=1e9',
    'nonsense=1',
    'from=now',
  ]) {
    isProblem(await get(`/api/v1/timeline?${query}`), 400, invalid);
  }
  for (const query of [
    'kind=dream',
    'severity=25',
    'trace=xyz',
    'order=random',
    'limit=1&limit=2',
  ]) {
    isProblem(await get(`/api/v1/timeline?${query}`), 400, invalid);
  }
  isProblem(await get('/api/v1/timeline/density?bucket=fast'), 400, invalid);
  for (const path of ['/api/v1/nothing', '/api/v2/health', '/assets/none.js']) {
    isProblem(await get(path), 404, 'LG_API_NOT_FOUND');
  }
  isProblem(
    await served.send({ path: '/api/v1/health', method: 'PATCH' }),
    405,
    'LG_API_METHOD_NOT_ALLOWED',
  );
  assert.deepEqual(served.reached, []);
  assert.equal((await get('/api/v1/health')).status, 200);
});

test('bytes that are no HTTP, and heads that never end, get an answer and no more', async () => {
  await using served = await serve();
  assert.match(await raw(served, '\x16\x03\x01 not http at all\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(
    await raw(served, `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}`),
    /^HTTP\/1\.1 4\d\d /,
  );
  const smuggled = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n';
  const answer = await raw(served, `${smuggled}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /LG_API_REQUEST_INVALID/);
});

test('a bug in the backend is told as one, without its words', async () => {
  const broken = (): never => {
    throw new Error('password is hunter2');
  };
  await using served = await serve({ status: broken });
  const received = await served.send({
    path: '/api/v1/status',
    token: await served.token('viewer'),
  });
  isProblem(received, 500, 'LG_RUNTIME_BUG');
  assert.doesNotMatch(received.text, /hunter2/);
});

test('strangers cost no reading: a giant body without a token is refused at its head', async () => {
  await using served = await serve();
  const head =
    'POST /api/v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const answer = await raw(
    served,
    `${head}Connection: close\r\nContent-Length: 1000000000\r\n\r\n{"reason":"`,
  );
  assert.match(answer, /^HTTP\/1\.1 401 /);
});

test('clients that send too slowly are let go, with an answer', async () => {
  const patience = { headMs: 50, requestMs: 100, checkMs: 10 };
  await using served = await serve({}, { patience });
  const token = await served.token('responder');
  const slowHead = await raw(served, 'POST /api/v1/plans HTTP/1.1\r\nHost: local');
  const lines = [
    'POST /api/v1/plans HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
  ];
  const rest = ['Content-Type: application/json', 'Content-Length: 100', '', '{"reason":'];
  const slowBody = await raw(served, [...lines, ...rest].join('\r\n'));
  for (const answer of [slowHead, slowBody]) {
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /LG_API_CLIENT_SLOW/);
  }
});

test('a flood of connections leaves room for who comes after it', async () => {
  await using served = await serve({ health });
  const flood: Socket[] = [];
  for (let n = 0; n < 600; n += 1) {
    const socket = connect(served.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    flood.push(socket);
  }
  // The limit is 500: the rest is hung up on.
  const dropped = flood.map((socket) => once(socket, 'close'));
  await Promise.race(dropped);
  for (const socket of flood) socket.destroy();
  await Promise.all(dropped);
  let status = 0;
  while (status === 0) {
    status = await served.send({ path: '/api/v1/health' }).then(
      (received) => received.status,
      () => 0,
    );
  }
  assert.equal(status, 200);
});

test('no input whatever gets anything but an answer of the contract', async () => {
  await using served = await serve();
  const token = await served.token('admin');
  const writes = Object.values(ROUTES).filter(
    ({ method }) => method === 'POST' || method === 'PUT',
  );
  const reads = Object.values(ROUTES).filter(({ method }) => method === 'GET');
  const segment = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' });
  const fill = (path: string, id: string): string =>
    API_ROOT + path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(id));
  const isFine = (received: Received): void => {
    if (received.status === 200) return;
    assert.ok(received.status >= 400 && received.status < 500, received.text);
    assert.match(String(received.json()['code']), /^LG_/);
  };
  const plausible = fc.dictionary(
    fc.constantFrom('reason', 'components', 'role', 'on', 'token', 'nonce', 'component', 'alerts'),
    fc.jsonValue({ maxDepth: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...writes), segment, plausible, async (route, id, body) => {
      const path = fill(route.path, id);
      isFine(await served.send({ method: route.method, path, token, body: JSON.stringify(body) }));
    }),
    { numRuns: 150 },
  );
  const query = fc.dictionary(
    fc.constantFrom('from', 'limit', 'component', 'severity', 'cursor', 'bucket', 'state', 'after'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...reads), segment, query, async (route, id, asked) => {
      const path = `${fill(route.path, id)}?${new URLSearchParams(asked)}`;
      isFine(await served.send({ path, token }));
    }),
    { numRuns: 150 },
  );
});

test('whoever connects a thousand times and keeps still locks nobody out', async () => {
  await using served = await serve({ health });
  const silent: Socket[] = [];
  for (let i = 0; i < 1000; i += 1) {
    const socket = connect(served.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX: ');
    silent.push(socket);
    if (i % 50 === 0) assert.equal((await served.send({ path: '/api/v1/health' })).status, 200);
  }
  assert.equal((await served.send({ path: '/api/v1/health' })).status, 200);
  for (const socket of silent) socket.destroy();
});
