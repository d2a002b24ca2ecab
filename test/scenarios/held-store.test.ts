import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { localFileAccess } from '../../src/adapters/sources/file/file-access.ts';
import { createFileSource } from '../../src/adapters/sources/file/file-source.ts';
import { createOtlpSource } from '../../src/adapters/sources/otlp/otlp-source.ts';
import { createSyslogSource } from '../../src/adapters/sources/syslog/syslog-source.ts';
import { openSegmentStore } from '../../src/adapters/telemetry/segments/open-segment-store.ts';
import { memoryKeyring } from '../../src/adapters/telemetry/segments/testdata/store-fixture.ts';
import { realDisk } from '../../src/base/disk.ts';
import { silentLog } from '../../src/base/log.ts';
import { ok, unwrap } from '../../src/base/result.ts';
import { ClockWatch } from '../../src/evidence/align/clock-watch.ts';
import { NO_OVERLAY } from '../../src/model/evidence/clock-overlay.ts';
import { startPipeline, type Pipeline } from '../../src/daemon/evidence/pipeline.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import type { SourceEntry } from '../../src/evidence/collect/source-entry.ts';
import { encodeParsed } from '../../src/evidence/normalize/otlp/encode-json.ts';
import { createOtlpDecoder } from '../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { createSyslogReader } from '../../src/evidence/normalize/syslog/syslog-reader.ts';
import { createLineNormalizer } from '../../src/evidence/normalize/text/add-line.ts';
import type { SourceStatus } from '../../src/model/evidence/store-status.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Source } from '../../src/ports/source.ts';
import type { TelemetryStore } from '../../src/ports/telemetry-store.ts';
import { FaultyDisk } from '../../src/testing/faulty-disk.ts';
import { GrpcSender } from '../conformance/grpc-client.ts';
import { until } from '../place/until.ts';

/** Messages that wait in a listener here; little, so that it is full soon. */
const PENDING_BYTES = 256 * 1024;

interface World {
  readonly pipeline: Pipeline;
  readonly store: TelemetryStore;
  readonly disk: FaultyDisk;
  readonly log: string;
  /** Lets every write hang until what it answers is called. */
  readonly hold: () => () => void;
  /** Lets time pass for the store and its listeners without waiting for it. */
  readonly later: (ms: number) => void;
  status(id: string): SourceStatus;
  /** The port of a listener. */
  port(id: string): number;
}

function entry<Spec>(id: string, source: Source<Spec>, settings: unknown): SourceEntry {
  const parsed = source.specSchema['~standard'].validate(settings);
  if (parsed instanceof Promise || parsed.issues !== undefined)
    throw new Error(`settings of ${id}`);
  return { id, kind: source.kind, source, spec: parsed.value };
}

/** The evidence plane on a disk that can be held up, with every kind of sender before it. */
async function makeWorld(t: TestContext): Promise<World> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-held-'));
  const log = join(folder, 'app.log');
  await fs.writeFile(log, '');
  const real = hostClock();
  let aheadMs = 0;
  const clock: Clock = { ...real, uptimeMs: () => real.uptimeMs() + aheadMs };
  const disk = new FaultyDisk(realDisk);
  const parts = { folder, disk, keyring: memoryKeyring(), clock, log: silentLog };
  const store = unwrap(await openSegmentStore(parts));
  const resolve = createEntityResolver();
  const otlp = createOtlpSource({
    decoderOf: (source) => createOtlpDecoder({ source, resolve }),
    authorize: () => ok({ id: 'the test' }),
  });
  const syslog = createSyslogSource({
    readerOf: (source, reject) => createSyslogReader({ source, resolve, reject }),
    originOf: (address) => ({ address, resource: {} }),
  });
  const files = createFileSource({
    access: localFileAccess,
    addLineOf: (source) => createLineNormalizer({ source, resolve }),
    resource: {},
  });
  const limits = { pendingBytesMax: PENDING_BYTES };
  const pipeline = await startPipeline({
    clocks: new ClockWatch([], NO_OVERLAY),
    sources: [
      entry('http', otlp, { port: 0 }),
      entry('grpc', otlp, { port: 0, transport: 'grpc' }),
      entry('tcp', syslog, { transport: 'tcp', port: 0, limits }),
      entry('udp', syslog, { transport: 'udp', port: 0, limits }),
      entry('file', files, { paths: [log], pollMs: 20, lookMs: 20 }),
    ],
    store,
    rules: [],
    clock,
    log: silentLog,
    onSignal: () => undefined,
    onArrival: () => undefined,
  });
  let release = (): void => undefined;
  t.after(async () => {
    release();
    await pipeline.stop();
    await fs.rm(folder, { recursive: true });
  });
  const status = (id: string): SourceStatus => {
    const found = pipeline.collection.status().find((one) => one.id === id);
    assert.ok(found !== undefined);
    return found;
  };
  return {
    pipeline,
    store,
    disk,
    log,
    hold: () => (release = disk.hold()),
    later: (ms) => {
      aheadMs += ms;
    },
    status,
    port: (id) => Number(new URL(status(id).target).port),
  };
}

const request = (text: string) => ({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text } }] }] }],
});

function post(world: World, text: string): Promise<Response> {
  return fetch(`${world.status('http').target}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request(text)),
  });
}

async function bodies(store: TelemetryStore): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.query({
      limit: 10_000,
      order: 'oldest',
      ...(cursor === undefined ? {} : { cursor }),
    });
    const { records, nextCursor } = unwrap(page);
    found.push(...records.map(({ body }) => String(body)));
    cursor = nextCursor;
  } while (cursor !== undefined);
  return found;
}

/** Writes lines until the sender has to wait; answers how many were written. */
async function floodTcp(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.resume();
  const lines = 40_000;
  for (let from = 0; from < lines; from += 1_000) {
    const some = Array.from(
      { length: 1_000 },
      (_, n) => `<14>tcp ${from + n} ${'x'.repeat(500)}\n`,
    );
    socket.write(some.join(''));
  }
  return { socket, lines };
}

async function floodUdp(port: number): Promise<number> {
  const sender = createSocket('udp4');
  const datagrams = 4_000;
  for (let n = 0; n < datagrams; n += 1) {
    await new Promise<void>((resolve) => {
      sender.send(`<14>udp ${n} ${'x'.repeat(500)}`, port, '127.0.0.1', () => resolve());
    });
  }
  sender.close();
  return datagrams;
}

test('a disk that hangs: who can wait is told to, the rest is shed and counted', async (t) => {
  const world = await makeWorld(t);
  const { store, status } = world;
  assert.equal((await post(world, 'before')).status, 200);

  const release = world.hold();
  const caught = post(world, 'caught');
  await until(
    'a request that waits for the disk',
    () => Promise.resolve(status('http').lagMs),
    (lagMs) => lagMs > 0,
  );
  world.later(6_000);

  const refused = await post(world, 'too late');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.match(await refused.text(), /LG_INGEST_OVERLOADED: .*the disk is 6 s behind/);
  const sender = new GrpcSender(status('grpc').target);
  const call = await sender.send(encodeParsed('LogsRequest', request('too late')));
  assert.equal(call.code, 8, 'RESOURCE_EXHAUSTED');
  const [details] = call.metadata.get('grpc-status-details-bin');
  assert.match(String(details), /google\.rpc\.RetryInfo/);
  sender.close();

  const { socket, lines } = await floodTcp(world.port('tcp'));
  t.after(() => socket.destroy());
  const datagrams = await floodUdp(world.port('udp'));
  await fs.appendFile(world.log, Array.from({ length: 100 }, (_, n) => `file ${n}\n`).join(''));
  const udp = await until(
    'datagrams that are shed',
    () => Promise.resolve(status('udp')),
    ({ shed }) => shed > 0,
  );
  assert.match(udp.problem ?? '', /LG_INGEST_OVERLOADED|LG_STORE/);
  assert.match(udp.shedBy[0]?.why ?? '', /send over TCP/);
  const tcp = await until(
    'a full listener',
    () => Promise.resolve(status('tcp')),
    ({ backlogBytes = 0 }) => backlogBytes >= PENDING_BYTES,
  );
  assert.ok((tcp.backlogBytes ?? 0) < 2 * PENDING_BYTES, 'what it holds is bounded');
  assert.ok(socket.writableLength > 0, 'the sender over TCP waits');
  assert.deepEqual([status('http').refused, status('grpc').refused], [1, 1]);
  const backlog = await until(
    'lines that wait in the file',
    () => Promise.resolve(status('file').backlogBytes),
    (bytes = 0) => bytes > 0,
  );
  assert.equal(backlog, (await fs.stat(world.log)).size);
  const lags = ['http', 'tcp', 'udp', 'file'].map((id) => status(id).lagMs);
  assert.ok((lags[0] ?? 0) >= 6_000, `${lags.join()}`);

  release();
  assert.equal((await caught).status, 200, 'what was let in is stored');
  assert.equal((await post(world, 'after')).status, 200, 'and ingest goes on by itself');
  socket.end();
  await until(
    'everything that was not refused',
    () => Promise.resolve([status('tcp').records, status('file').records]),
    ([overTcp, ofFile]) => overTcp === lines && ofFile === 100,
  );
  const account = await until(
    'each datagram, stored or shed',
    () => Promise.resolve(status('udp')),
    ({ records, shed }) => records + shed === datagrams,
  );
  t.diagnostic(`datagrams: ${account.records} stored, ${account.shed} shed`);
  const stored = await bodies(store);
  assert.equal(new Set(stored).size, stored.length, 'nothing twice');
  assert.equal(stored.length, 3 + lines + 100 + account.records);
  assert.ok(!stored.includes('too late'));
  world.later(20_000);
  assert.deepEqual(
    ['http', 'grpc', 'tcp', 'udp', 'file'].map((id) => status(id).lagMs),
    [0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    ['tcp', 'file'].map((id) => status(id).backlogBytes),
    [0, 0],
  );
});

test('a full disk: OTLP is told when to come again, files and TCP wait', async (t) => {
  const world = await makeWorld(t);
  const { store, disk, status } = world;
  disk.setFreeBytes(0);
  const refused = await post(world, 'no room');
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '10');
  assert.match(await refused.text(), /LG_STORE_DISK_FULL/);
  const sender = new GrpcSender(status('grpc').target);
  const call = await sender.send(encodeParsed('LogsRequest', request('no room')));
  sender.close();
  assert.equal(call.code, 14, 'UNAVAILABLE');
  assert.match(String(call.metadata.get('grpc-status-details-bin')[0]), /RetryInfo/);
  await fs.appendFile(world.log, 'a line\n');
  const socket = connect(world.port('tcp'), '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  socket.end('<13>a message\n');
  for (const id of ['file', 'tcp']) {
    const waits = await until(
      `the problem of ${id}`,
      () => Promise.resolve(status(id)),
      ({ problem }) => problem !== undefined,
    );
    assert.match(waits.problem ?? '', /LG_STORE_DISK_FULL.*Free space/);
    assert.ok(waits.refused > 0);
  }
  disk.setFreeBytes(Number.POSITIVE_INFINITY);
  await until(
    'both',
    () => bodies(store),
    (found) => found.length >= 2,
  );
  assert.deepEqual((await bodies(store)).toSorted(), ['a line', 'a message']);
});
