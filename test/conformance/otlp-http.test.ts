import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { OtlpSpec } from '../../src/adapters/sources/otlp/otlp-spec.ts';
import { createOtlpSource } from '../../src/adapters/sources/otlp/otlp-source.ts';
import type { Authorize } from '../../src/adapters/sources/otlp/receive-export.ts';
import { silentLog } from '../../src/base/log.ts';
import { err, ok, unwrap } from '../../src/base/result.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { encodeParsed } from '../../src/evidence/normalize/otlp/encode-json.ts';
import { createOtlpDecoder } from '../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { RunningSource, SourceContext } from '../../src/ports/source.ts';
import { MemoryTelemetryStore } from '../../src/testing/memory-telemetry-store.ts';
import { runningClock } from '../../src/testing/running-clock.ts';

const MIB = 1024 * 1024;

/** Only senders with this token may send. */
const authorize: Authorize = (request) => {
  const { authorization } = request.headers;
  if (authorization === 'Bearer good') return ok({ id: 'token:1' });
  if (authorization === 'Bearer viewer') return err(lgError('LG_ACCESS_DENIED', 'role viewer'));
  return err(lgError('LG_ACCESS_TOKEN_MISSING', 'POST /v1/logs'));
};

const request = (count: number, body = 'hello') =>
  encodeParsed('LogsRequest', {
    resourceLogs: [
      {
        scopeLogs: [
          { logRecords: Array.from({ length: count }, () => ({ body: { stringValue: body } })) },
        ],
      },
    ],
  });

describe('OTLP over HTTP', { timeout: 60_000 }, () => {
  let store: MemoryTelemetryStore;
  let running: RunningSource;
  let rejects: string[];
  const clock = runningClock();

  const start = async (
    limits: Partial<OtlpSpec['limits']> = {},
    tls?: Parameters<typeof createOtlpSource>[0]['tls'],
  ): Promise<void> => {
    const source = createOtlpSource({
      decoderOf: (id) => createOtlpDecoder({ source: id, resolve: createEntityResolver() }),
      authorize,
      tls,
    });
    const settings = { address: '127.0.0.1', port: 0, limits };
    const parsed = await source.specSchema['~standard'].validate(settings);
    assert.ok(parsed.issues === undefined);
    const context: SourceContext = {
      id: 'otlp',
      clock,
      log: silentLog,
      deliver: (batch, origin) => store.append(batch, { source: 'otlp', ...origin }),
      position: () => undefined,
      reject: ({ reason }) => rejects.push(reason),
      shed: () => undefined,
      refuse: () => undefined,
    };
    running = unwrap(await source.start(parsed.value, context));
  };

  const post = (
    body: Uint8Array | string,
    headers: Record<string, string> = {},
    path = '/v1/logs',
  ) =>
    fetch(`${running.status().target}${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-protobuf',
        Authorization: 'Bearer good',
        ...headers,
      },
      body,
    });

  beforeEach(() => {
    store = new MemoryTelemetryStore();
    rejects = [];
  });
  afterEach(() => running.stop());

  test('takes plain, gzip, deflate and zstd bodies', async () => {
    await start();
    const body = request(3);
    const packed: readonly (readonly [string, Uint8Array])[] = [
      ['identity', body],
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
      ['zstd', zstdCompressSync(body)],
    ];
    for (const [encoding, bytes] of packed) {
      const response = await post(bytes, { 'Content-Encoding': encoding });
      assert.equal(response.status, 200, encoding);
      assert.equal(response.headers.get('content-type'), 'application/x-protobuf');
      assert.equal((await response.arrayBuffer()).byteLength, 0);
    }
    assert.equal(store.rows.length, 12);
    assert.equal(store.rows[0]?.sender, 'token:1');
  });

  test('answers 200 only once the records are stored', async () => {
    await start();
    store.refuse(1);
    const refused = await post(request(1));
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(store.rows.length, 0);
    assert.equal((await post(request(1))).status, 200);
    assert.equal(store.rows.length, 1);
  });

  test('tells a sender in its own encoding which records were not taken', async () => {
    await start();
    const spans = {
      resourceSpans: [{ scopeSpans: [{ spans: [{ spanId: 'ab' }, { name: 'ok' }] }] }],
    };
    const json = await post(
      JSON.stringify(spans),
      { 'Content-Type': 'application/json' },
      '/v1/traces',
    );
    assert.equal(json.status, 200);
    const { partialSuccess } = Object(await json.json());
    assert.equal(partialSuccess.rejectedSpans, '1');
    assert.match(partialSuccess.errorMessage, /span id/);
    const protobuf = await post(encodeParsed('TracesRequest', spans), {}, '/v1/traces');
    const reader = new BinaryReader(new Uint8Array(await protobuf.arrayBuffer()));
    assert.deepEqual(reader.tag(), [1, 2]);
    reader.uint32();
    assert.deepEqual(reader.tag(), [1, 0]);
    assert.equal(Number(reader.int64()), 1);
    assert.equal(store.rows.length, 2);
    assert.equal(rejects.length, 2);
  });

  test('refuses who may not send before it reads a body', async () => {
    await start();
    assert.equal((await post(request(1), { Authorization: '' })).status, 401);
    assert.equal((await post(request(1), { Authorization: 'Bearer viewer' })).status, 403);
    assert.equal(store.rows.length, 0);
  });

  test('names what is wrong with a request, as google.rpc.Status', async () => {
    await start();
    const json = { 'Content-Type': 'application/json' };
    const malformed = await post('{"resourceLogs":', json);
    assert.equal(malformed.status, 400);
    assert.equal(Object(await malformed.json()).code, 3);
    assert.equal((await post(request(1).subarray(0, 5))).status, 400);
    assert.equal((await post('x', { 'Content-Type': 'text/plain' })).status, 415);
    assert.equal((await post('x', { 'Content-Encoding': 'br' })).status, 415);
    assert.equal((await post('x', {}, '/v1/profiles')).status, 404);
    const got = await fetch(`${running.status().target}/v1/logs`);
    assert.equal(got.status, 405);
    assert.equal(got.headers.get('allow'), 'POST');
    assert.equal((await fetch(running.status().target)).status, 200);
  });

  test('refuses bodies beyond the limits, packed and unpacked', async () => {
    await start({ bodyBytesMax: 64 * 1024, unpackedBytesMax: MIB });
    assert.equal((await post(new Uint8Array(65 * 1024))).status, 413);
    const bombs: readonly (readonly [string, Uint8Array])[] = [
      ['gzip', gzipSync(new Uint8Array(32 * MIB))],
      ['deflate', deflateSync(new Uint8Array(32 * MIB))],
      ['zstd', zstdCompressSync(new Uint8Array(512 * MIB))],
    ];
    for (const [encoding, bomb] of bombs) {
      assert.equal((await post(bomb, { 'Content-Encoding': encoding })).status, 413, encoding);
    }
    assert.equal((await post(request(1))).status, 200);
  });

  test('refuses what is not packed as it says', async () => {
    await start();
    for (const encoding of ['gzip', 'deflate', 'zstd']) {
      const garbage = await post(request(2), { 'Content-Encoding': encoding });
      assert.equal(garbage.status, 400, encoding);
      const broken = zstdCompressSync(request(500)).subarray(0, 20);
      assert.equal((await post(broken, { 'Content-Encoding': encoding })).status, 400, encoding);
    }
  });

  test('tells senders to wait when bodies in memory reach the limit', async () => {
    await start({ inFlightBytesMax: 1024 });
    const response = await post(request(100));
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get('retry-after')) > 0);
    assert.equal((await post(request(2))).status, 200);
  });

  test('cuts off a sender that dribbles, and serves the others meanwhile', async () => {
    await start({ headersTimeoutMs: 50, requestTimeoutMs: 100 });
    const { hostname, port } = new URL(running.status().target);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    slow.write('POST /v1/logs HTTP/1.1\r\nHost: x\r\n');
    const closed = once(slow, 'close');
    assert.equal((await post(request(1))).status, 200);
    slow.resume();
    await closed;
  });

  test('connections that keep still give way to those who send', async () => {
    await start({ connectionsMax: 4 });
    const { hostname, port } = new URL(running.status().target);
    const silent = Array.from({ length: 4 }, () => connect(Number(port), hostname).resume());
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const gone = once(silent[0] ?? assert.fail(), 'close');
    assert.equal((await post(request(1))).status, 200);
    await gone;
    for (const socket of silent) socket.destroy();
  });

  test('survives senders that go away in the middle of a body', async () => {
    await start();
    const { hostname, port } = new URL(running.status().target);
    const head =
      'POST /v1/logs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n' +
      'Content-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nabc';
    for (let sender = 0; sender < 20; sender += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(head, () => socket.destroy());
      await once(socket, 'close');
    }
    assert.equal((await post(request(1))).status, 200);
    assert.equal(store.rows.length, 1);
  });

  test('finishes the request at work when it is told to stop', async () => {
    await start();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const append = store.append.bind(store);
    const arrived = new Promise<void>((resolve) => {
      store.append = async (batch, origin) => {
        resolve();
        await held;
        return append(batch, origin);
      };
    });
    const answer = post(request(1));
    await arrived;
    const stopped = running.stop();
    release();
    assert.equal((await answer).status, 200);
    await stopped;
    assert.equal(store.rows.length, 1);
    await assert.rejects(post(request(1)));
  });

  test('speaks TLS with the certificate it is given', async () => {
    const fixture = (name: string): Buffer =>
      readFileSync(new URL(`../api/testdata/${name}`, import.meta.url));
    await start({}, { cert: fixture('first.pem'), key: fixture('first.key') });
    const url = `${running.status().target}/v1/logs`;
    assert.match(url, /^https:/);
    const headers = {
      'Content-Type': 'application/x-protobuf',
      Authorization: 'Bearer good',
    };
    const sent = httpsRequest(url, { method: 'POST', headers, ca: fixture('first.pem') });
    sent.end(request(2));
    const [response] = await once(sent, 'response');
    response.resume();
    assert.equal(response.statusCode, 200);
    assert.equal(store.rows.length, 2);
  });

  test('says which port is taken', async () => {
    await start();
    const { port } = new URL(running.status().target);
    const source = createOtlpSource({
      decoderOf: (id) => createOtlpDecoder({ source: id, resolve: createEntityResolver() }),
      authorize,
    });
    const parsed = await source.specSchema['~standard'].validate({ port: Number(port) });
    assert.ok(parsed.issues === undefined);
    const second = await source.start(parsed.value, {
      id: 'second',
      clock,
      log: silentLog,
      deliver: (batch, origin) => store.append(batch, { source: 'second', ...origin }),
      position: () => undefined,
      reject: () => undefined,
      shed: () => undefined,
      refuse: () => undefined,
    });
    assert.ok(!second.ok);
    assert.equal(second.error.code, 'LG_RUNTIME_PORT_TAKEN');
    assert.match(second.error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
  });
});
