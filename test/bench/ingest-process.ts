import { mkdtempSync, rmSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createOtlpSource } from '../../src/adapters/sources/otlp/otlp-source.ts';
import { createSyslogSource } from '../../src/adapters/sources/syslog/syslog-source.ts';
import { openSegmentStore } from '../../src/adapters/telemetry/segments/open-segment-store.ts';
import {
  hostClock,
  memoryKeyring,
} from '../../src/adapters/telemetry/segments/testdata/store-fixture.ts';
import { realDisk } from '../../src/base/disk.ts';
import { silentLog } from '../../src/base/log.ts';
import { ok, unwrap } from '../../src/base/result.ts';
import { timeNs } from '../../src/base/time.ts';
import { ClockWatch } from '../../src/evidence/align/clock-watch.ts';
import { NO_OVERLAY } from '../../src/model/evidence/clock-overlay.ts';
import { startPipeline } from '../../src/daemon/evidence/pipeline.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { createOtlpDecoder } from '../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { createSyslogReader } from '../../src/evidence/normalize/syslog/syslog-reader.ts';
import type { TriggerRule } from '../../src/model/incident/trigger.ts';
import type { IngestCall, IngestFacts } from './ingest-client.ts';

// The evidence plane as the daemon runs it, in a process of its own, so that its CPU seconds and
// its memory are nobody else's. It is told what to do over the IPC channel of `fork`.

const folder = mkdtempSync(`${tmpdir()}/lastgood-bench-`);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit(0));

const each = { windowMs: 10_000, forMs: 5000, actions: ['incident'] as const };
const rules: readonly TriggerRule[] = [
  { name: 'errors', signal: 'log-rate', minSeverity: 17, above: 1e6, clearAt: 1e6, ...each },
  { name: 'ratio', signal: 'error-ratio', minCount: 20, above: 0.05, clearAt: 0.05, ...each },
  { name: 'gone', signal: 'event', event: 'process.exit', above: 0, clearAt: 0, ...each },
];

const store = unwrap(
  await openSegmentStore({
    folder,
    disk: realDisk,
    keyring: memoryKeyring(),
    clock: hostClock,
    log: silentLog,
  }),
);
const resolve = createEntityResolver();
const source = createOtlpSource({
  decoderOf: (name) => createOtlpDecoder({ source: name, resolve }),
  authorize: () => ok({ id: '127.0.0.1' }),
});
const spec = source.specSchema['~standard'].validate({ port: 0 });
if (spec instanceof Promise || spec.issues !== undefined) throw new Error('no listener');
const syslog = createSyslogSource({
  readerOf: (name, reject) => createSyslogReader({ source: name, resolve, reject }),
  originOf: (address) => ({ address, resource: {} }),
});
const syslogSpec = syslog.specSchema['~standard'].validate({ transport: 'tcp', port: 0 });
if (syslogSpec instanceof Promise || syslogSpec.issues !== undefined)
  throw new Error('no listener');
const pipeline = await startPipeline({
  clocks: new ClockWatch([], NO_OVERLAY),
  sources: [
    { id: 'otlp', kind: 'otlp', source, spec: spec.value },
    { id: 'syslog-tcp', kind: 'syslog', source: syslog, spec: syslogSpec.value },
  ],
  store,
  rules,
  clock: hostClock,
  log: silentLog,
  onSignal: () => undefined,
  onArrival: () => undefined,
});

const peak = { rssKb: 0, memoryFileBytes: 0, totalBytes: 0 };
setInterval(watchMemory, 100).unref();

/** The largest sum of resident memory and memory files that any look found. */
function watchMemory(): void {
  const rss = process.memoryUsage.rss();
  const files = memoryFileBytes();
  peak.memoryFileBytes = Math.max(peak.memoryFileBytes, files);
  peak.totalBytes = Math.max(peak.totalBytes, rss + files);
}

/** Bytes of our nameless files in memory; they are no resident memory of the process. */
function memoryFileBytes(): number {
  // The engine opens them a second time: a file counts once.
  const files = new Map<number, number>();
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      const path = `/proc/self/fd/${name}`;
      if (!readlinkSync(path).includes('/.lastgood-')) continue;
      const { ino, blocks } = statSync(path);
      files.set(ino, blocks * 512);
    } catch {
      continue;
    }
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

async function facts(): Promise<IngestFacts> {
  const { user, system } = process.cpuUsage();
  const hwm = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const [otlp, overTcp] = pipeline.collection.status();
  const status = await store.status();
  let catalogueBytes = 0;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('catalogue')) catalogueBytes += statSync(`${folder}/${name}`).size;
  }
  return {
    url: otlp?.target ?? '',
    syslogPort: Number(new URL(overTcp?.target ?? '').port),
    cpuS: (user + system) / 1e6,
    rssPeakBytes: Number(hwm) * 1024,
    memoryFilePeakBytes: peak.memoryFileBytes,
    totalPeakBytes: peak.totalBytes,
    records: status.records,
    hotRecords: status.hotRecords,
    segments: status.segments,
    segmentBytes: status.segmentBytes,
    catalogueBytes,
  };
}

async function perform(call: IngestCall): Promise<IngestFacts | number> {
  switch (call.kind) {
    case 'facts':
      return await facts();
    case 'seal':
      unwrap(await store.seal());
      return await facts();
    case 'query': {
      const { from, to, ...rest } = call.query;
      const range = {
        ...(from === undefined ? {} : { from: timeNs(BigInt(from)) }),
        ...(to === undefined ? {} : { to: timeNs(BigInt(to)) }),
      };
      const began = performance.now();
      const page = await store.query({ limit: 200, order: 'newest', ...rest, ...range });
      const tookMs = performance.now() - began;
      if (unwrap(page).records.length < call.atLeast) throw new Error('the query found too little');
      return tookMs;
    }
    case 'density': {
      const began = performance.now();
      unwrap(await store.density({}, call.bucketMs));
      return performance.now() - began;
    }
    case 'stop':
      await pipeline.stop();
      return 0;
  }
}

process.on('message', (message: { readonly id: number; readonly call: IngestCall }) => {
  void perform(message.call).then(
    (value) => process.send?.({ id: message.id, value }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.send?.({ id: 0, value: 0 });
