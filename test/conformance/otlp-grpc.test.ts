import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
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
import { GrpcSender } from './grpc-client.ts';

const MIB = 1024 * 1024;
const CODE = { ok: 0, invalid: 3, late: 4, denied: 7, exhausted: 8, unimplemented: 12 } as const;
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** Only senders with this token may send. */
const authorize: Authorize = ({ headers }) => {
  if (headers.authorization === 'Bearer good') return ok({ id: 'token:1' });
  if (headers.authorization === 'Bearer viewer') return err(lgError('LG_ACCESS_DENIED', 'viewer'));
  return err(lgError('LG_ACCESS_TOKEN_MISSING', 'an export'));
};

const logs = (count: number, text = 'hello') =>
  encodeParsed('LogsRequest', {
    resourceLogs: [
      {
        scopeLogs: [
          { logRecords: Array.from({ length: count }, () => ({ body: { stringValue: text } })) },
        ],
      },
    ],
  });

/** The detail of a status, when it is google.rpc.RetryInfo: its seconds. */
function retryDelay(details: Uint8Array): number | undefined {
  const status = new BinaryReader(details);
  while (status.pos < status.len) {
    const [field, wire] = status.tag();
    if (field !== 3) {
      status.skip(wire);
      continue;
    }
    const any = new BinaryReader(status.bytes());
    any.tag();
    assert.equal(any.string(), 'type.googleapis.com/google.rpc.RetryInfo');
    any.tag();
    const retryInfo = new BinaryReader(any.bytes());
    retryInfo.tag();
    const duration = new BinaryReader(retryInfo.bytes());
    duration.tag();
    return Number(duration.int64());
  }
  return undefined;
}

describe('OTLP over gRPC', { timeout: 60_000 }, () => {
  let store: MemoryTelemetryStore;
  let running: RunningSource;
  let rejects: string[];
  let senders: GrpcSender[];
  const clock = runningClock();

  const start = async (
    limits: Partial<OtlpSpec['limits']> = {},
    tls?: Parameters<typeof createOtlpSource>[0]['tls'],
  ): Promise<GrpcSender> => {
    const source = createOtlpSource({
      decoderOf: (id) => createOtlpDecoder({ source: id, resolve: createEntityResolver() }),
      authorize,
      tls,
    });
    const settings = { address: '127.0.0.1', port: 0, transport: 'grpc', limits };
    const parsed = await source.specSchema['~standard'].validate(settings);
    assert.ok(parsed.issues === undefined);
    const context: SourceContext = {
      id: 'otlp-grpc',
      clock,
      log: silentLog,
      deliver: (batch, origin) => store.append(batch, { source: 'otlp-grpc', ...origin }),
      position: () => undefined,
      reject: ({ reason }) => rejects.push(reason),
      shed: () => undefined,
      refuse: () => undefined,
    };
    running = unwrap(await source.start(parsed.value, context));
    return keep(new GrpcSender(running.status().target));
  };

  const keep = (sender: GrpcSender): GrpcSender => {
    senders.push(sender);
    return sender;
  };

  beforeEach(() => {
    store = new MemoryTelemetryStore();
    rejects = [];
    senders = [];
  });
  afterEach(async () => {
    for (const sender of senders) sender.close();
    await running.stop();
  });

  test('takes logs, traces and metrics, plain and packed', async () => {
    const plain = await start();
    const packed = keep(GrpcSender.gzip(running.status().target));
    const spans = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'GET /' }] }] }] };
    const points = { dataPoints: [{ timeUnixNano: '5', asDouble: 1 }] };
    const metrics = [{ name: 'orders', gauge: points }];
    for (const sender of [plain, packed]) {
      const sent = [
        await sender.send(logs(3)),
        await sender.send(encodeParsed('TracesRequest', spans), { signal: 'traces' }),
        await sender.send(
          encodeParsed('MetricsRequest', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
          { signal: 'metrics' },
        ),
      ];
      assert.deepEqual(
        sent.map(({ code, details }) => [code, details]),
        [
          [0, ''],
          [0, ''],
          [0, ''],
        ],
      );
    }
    assert.equal(store.rows[0]?.sender, 'token:1');
    const kinds = store.rows.map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'log').length, 6);
    assert.equal(kinds.filter((kind) => kind === 'span' || kind === 'metric').length, 4);
  });

  test('takes what the serializers of OpenTelemetry write', async () => {
    const sender = await start();
    assert.ok(JsonLogsSerializer.serializeRequest([]) !== undefined);
    const empty = ProtobufLogsSerializer.serializeRequest([]);
    assert.ok(empty !== undefined);
    assert.equal((await sender.send(empty)).code, CODE.ok);
  });

  test('answers OK only once records are stored, else tells when to repeat', async () => {
    const sender = await start();
    store.refuse(1);
    const refused = await sender.send(logs(1));
    assert.ok(refused.code === 14 || refused.code === CODE.exhausted, String(refused.code));
    const [details] = refused.metadata.get('grpc-status-details-bin');
    assert.ok(Buffer.isBuffer(details));
    assert.ok(Number(retryDelay(details)) > 0);
    assert.equal(store.rows.length, 0);
    assert.equal((await sender.send(logs(1))).code, CODE.ok);
    assert.equal(store.rows.length, 1);
  });

  test('tells which records were not taken', async () => {
    const sender = await start();
    const spans = [{ spanId: 'ab' }, { name: 'ok' }];
    const request = encodeParsed('TracesRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const { code, body } = await sender.send(request, { signal: 'traces' });
    assert.equal(code, CODE.ok);
    const reader = new BinaryReader(body ?? new Uint8Array());
    assert.deepEqual(reader.tag(), [1, 2]);
    reader.uint32();
    assert.deepEqual(reader.tag(), [1, 0]);
    assert.equal(Number(reader.int64()), 1);
    assert.equal(rejects.length, 1);
    assert.equal(store.rows.length, 1);
  });

  test('refuses who may not send, and what it does not know, with the code for it', async () => {
    const sender = await start();
    assert.equal((await sender.send(logs(1), { token: '' })).code, 16);
    assert.equal((await sender.send(logs(1), { token: 'viewer' })).code, CODE.denied);
    const unknown = await sender.send(logs(1), { path: '/some.Service/Do' });
    assert.equal(unknown.code, CODE.unimplemented);
    const malformed = await sender.send(Buffer.from([0x0a, 0xff, 0xff]));
    assert.equal(malformed.code, CODE.invalid);
    assert.match(malformed.details, /LG_INGEST_BODY_MALFORMED/);
    assert.equal(store.rows.length, 0);
  });

  test('refuses messages beyond the limits, and tells not to repeat', async () => {
    const plain = await start({ bodyBytesMax: 64 * 1024, unpackedBytesMax: MIB });
    const packed = keep(GrpcSender.gzip(running.status().target));
    for (const sent of [
      await plain.send(new Uint8Array(65 * 1024)),
      await plain.send(new Uint8Array(20 * MIB)),
      await packed.send(new Uint8Array(32 * MIB)),
    ]) {
      assert.equal(sent.code, CODE.exhausted, sent.details);
      assert.match(sent.details, /LG_INGEST_BODY_TOO_LARGE/);
      assert.deepEqual(sent.metadata.get('grpc-status-details-bin'), []);
    }
    assert.equal((await plain.send(logs(1))).code, CODE.ok);
  });

  test('tells senders to wait when messages in memory reach the limit', async () => {
    const sender = await start({ inFlightBytesMax: 1024 });
    const busy = await sender.send(logs(100));
    assert.equal(busy.code, CODE.exhausted);
    const [details] = busy.metadata.get('grpc-status-details-bin');
    assert.ok(Buffer.isBuffer(details) && Number(retryDelay(details)) > 0);
    assert.equal((await sender.send(logs(2))).code, CODE.ok);
  });

  test('ends calls whose message does not come, and serves the others meanwhile', async () => {
    const sender = await start({ requestTimeoutMs: 200 });
    const session = connectHttp2(running.status().target);
    const slow = openCall(session);
    slow.write(Buffer.from([0, 0, 0]));
    const ended = once(slow, 'response');
    assert.equal((await sender.send(logs(1))).code, CODE.ok);
    const [headers] = await ended;
    assert.equal(headers['grpc-status'], String(CODE.late));
    session.destroy();
  });

  test('refuses what is no message of gRPC, and what is no gRPC', async () => {
    const sender = await start();
    const session = connectHttp2(running.status().target);
    const frames = [
      Buffer.alloc(0),
      Buffer.from([0, 0, 0]),
      Buffer.from([7, 0, 0, 0, 0]),
      Buffer.from([0, 0, 0, 0, 9, 1]),
      Buffer.from([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1]),
      Buffer.from([1, 0, 0, 0, 1, 1]),
    ];
    for (const frame of frames) {
      const call = openCall(session, frame.at(0) === 1 ? { 'grpc-encoding': 'gzip' } : {});
      call.end(frame);
      const [headers] = await once(call, 'response');
      assert.equal(headers['grpc-status'], String(CODE.invalid), frame.toString('hex'));
    }
    const brotli = openCall(session, { 'grpc-encoding': 'br' });
    assert.equal((await once(brotli, 'response'))[0]['grpc-status'], String(CODE.unimplemented));
    const json = openCall(session, { 'content-type': 'application/json' });
    assert.equal((await once(json, 'response'))[0][':status'], 415);
    session.destroy();
    assert.equal((await sender.send(logs(1))).code, CODE.ok);
  });

  test('connections that keep still give way to those who send', async () => {
    (await start({ connectionsMax: 4 })).close();
    const { hostname, port } = new URL(running.status().target);
    const silent = Array.from({ length: 4 }, () => connect(Number(port), hostname).resume());
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const gone = once(silent[0] ?? assert.fail(), 'close');
    const sender = keep(new GrpcSender(running.status().target));
    assert.equal((await sender.send(logs(1))).code, CODE.ok);
    await gone;
    for (const socket of silent) socket.destroy();
  });

  test('survives garbage on the port and senders that go away', async () => {
    const sender = await start({ headersTimeoutMs: 100 });
    const { hostname, port } = new URL(running.status().target);
    const texts = [
      'GET / HTTP/1.1\r\n\r\n',
      '\u0000'.repeat(500),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ];
    for (const text of [...texts, '']) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.resume();
      const closed = once(socket, 'close');
      socket.write(text);
      await closed;
    }
    for (let at = 0; at < 20; at += 1) {
      const session = connectHttp2(running.status().target);
      session.on('error', () => undefined);
      const call = openCall(session);
      call.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        call.write(Buffer.from([0, 0, 0, 1, 0, 1]), () => resolve());
      });
      session.destroy();
    }
    assert.equal((await sender.send(logs(1))).code, CODE.ok);
    assert.equal(store.rows.length, 1);
  });

  test('allows as many calls at once, and pings, as it says', async () => {
    await start({ streamsMax: 7 });
    const session = connectHttp2(running.status().target);
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
    assert.equal(session.remoteSettings.maxConcurrentStreams, 7);
    const goaway = once(session, 'goaway');
    for (let ping = 0; ping < 200 && !session.destroyed && !session.closed; ping += 1) {
      await new Promise<void>((resolve) => {
        if (!session.ping(() => resolve())) resolve();
      });
    }
    assert.equal((await goaway)[0], constants.NGHTTP2_ENHANCE_YOUR_CALM);
    session.destroy();
  });

  test('finishes the call at work when it is told to stop', async () => {
    const sender = await start();
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
    const answer = sender.send(logs(1));
    await arrived;
    const stopped = running.stop();
    release();
    const { code, details } = await answer;
    assert.equal(code, CODE.ok, details);
    await stopped;
    assert.equal(store.rows.length, 1);
  });

  test('speaks TLS with the certificate it is given', async () => {
    const fixture = (name: string): Buffer =>
      readFileSync(new URL(`../api/testdata/${name}`, import.meta.url));
    await start({}, { cert: fixture('first.pem'), key: fixture('first.key') });
    const { target } = running.status();
    assert.match(target, /^https:/);
    const sender = keep(new GrpcSender(target, {}, fixture('first.pem')));
    const sent = await sender.send(logs(2));
    assert.equal(sent.code, CODE.ok, sent.details);
    assert.equal(store.rows.length, 2);
  });

  function openCall(session: ClientHttp2Session, more: Record<string, string> = {}) {
    return session.request({
      ':method': 'POST',
      ':path': LOGS,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: 'Bearer good',
      ...more,
    });
  }
});
