import { Socket } from 'node:net';
import { z } from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import { messageOf } from '../../base/error.ts';
import { sortableId } from '../../base/id.ts';
import { releaseMemory } from '../../base/release-memory.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339, timeNs } from '../../base/time.ts';
import { LocalBus } from '../../adapters/buses/local/local-bus.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { clockExchange } from '../host/clock-exchange.ts';
import { remotePrograms } from '../host/remote-programs.ts';
import { hostClock } from '../host-clock.ts';
import { processLog } from '../process-log.ts';
import { systemRandom } from '../system-random.ts';
import { hookBatch, hookRecords } from './hook-record.ts';
import { decodeFilter, decodePolicy, decodeQuery, SUBJECT } from './messages.ts';
import { evidenceSettings, evidenceSenders } from './settings.ts';
import { giveWayToCore } from './give-way.ts';
import { startEvidence, type Evidence } from './start-evidence.ts';

/** At most this often the core is told that records arrived. */
const ARRIVAL_EVERY_MS = 500;
/** How often the core is told that this thread still turns, and whether records are stored. */
const ALIVE_EVERY_MS = 1_000;

// The evidence process: the core starts it with a pipe on descriptor 3 and asks over that.
const clock = hostClock();
const bus = new LocalBus({ clock, log: processLog('evidence', 'warn') });
let evidence: Evidence | undefined;
let arrived = 0;

/** Names programs that hosts run for us; a predecessor's may still be there. */
const newProgramId = (): string => sortableId('program', Date.now(), systemRandom);

/** JSON as the bus wants it: what has no JSON form (undefined members) is left out. */
function plain(value: unknown): Json {
  const copied: Json = JSON.parse(JSON.stringify(value ?? null));
  return copied;
}

function serve(
  subject: string,
  answer: (on: Evidence, payload: Json) => Promise<Result<unknown>>,
): void {
  bus.serve(subject, async (payload) => {
    if (evidence === undefined)
      return err(lgError('LG_RUNTIME_EVIDENCE_DOWN', `${subject}: not started`));
    try {
      const result = await answer(evidence, payload);
      return result.ok ? ok(plain(result.value)) : result;
    } catch (error) {
      return err(lgError('LG_RUNTIME_BUG', `${subject}: ${messageOf(error)}`, error));
    }
  });
}

bus.serve(SUBJECT.start, async (payload) => {
  const settings = evidenceSettings.parse(payload);
  const log = processLog('evidence', settings.logLevel);
  const hearing = {
    onSignal: (signal: unknown) => bus.publish(SUBJECT.signal, plain(signal)),
    onArrival: (records: number) => {
      arrived += records;
    },
    programsOn: (host: string | undefined) =>
      remotePrograms({ bus, host, clock, newId: newProgramId }),
  };
  const started = await startEvidence(settings, hearing, clock, log);
  if (!started.ok) return started;
  evidence = started.value;
  setImmediate(releaseMemory);
  return ok(plain(evidence.pipeline.collection.status()));
});

serve(SUBJECT.query, ({ store }, payload) => store.query(decodeQuery(payload)));
serve(SUBJECT.density, ({ store }, payload) => {
  const { filter, bucketMs } = bucketAsk(payload);
  return store.density(decodeFilter(filter), bucketMs);
});
serve(SUBJECT.features, ({ store }, payload) => {
  const { filter, bucketMs } = bucketAsk(payload);
  return store.features(decodeFilter(filter), bucketMs);
});
serve(SUBJECT.status, async ({ store, pipeline }) =>
  ok({ store: await store.status(), sources: pipeline.collection.status() }),
);
serve(SUBJECT.rejects, async ({ pipeline }) => ok(pipeline.collection.rejects()));
serve(SUBJECT.triggers, async ({ pipeline }) => ok(pipeline.triggers()));
serve(SUBJECT.entities, async ({ pipeline }) => ok(pipeline.entities()));
serve(SUBJECT.clocks, async ({ clocks }) => ok(clocks.watch.list()));
serve(SUBJECT.exchange, async ({ clocks, resolve }, payload) => {
  const { host, ...exchange } = clockExchange.extend({ host: z.string() }).parse(payload);
  clocks.watch.exchange(resolve({ 'host.name': host }).clock ?? '', exchange);
  return ok(null);
});
serve(SUBJECT.summary, async ({ pipeline, clocks }, payload) => {
  const { fromNs, toNs } = windowAsk(payload);
  const { watch } = clocks;
  const pairs = watch.pairs({ fromNs, toNs });
  return ok(pipeline.memory.summary({ fromNs, toNs }, watch.overlay, pairs));
});
serve(SUBJECT.senders, async ({ replaceSenders }, payload) => {
  replaceSenders(evidenceSenders.parse(payload));
  return ok(null);
});
serve(SUBJECT.configure, async ({ configure }, payload) => {
  const { configText, configFile } = evidenceSettings.parse(payload);
  return configure(configText, configFile);
});
serve(SUBJECT.record, async ({ pipeline, resolve }, payload) => {
  const batch = hookBatch(hookRecords.parse(payload), clock.now(), resolve);
  const told = await pipeline.deliver(batch, { source: 'hooks', sender: 'lastgood' });
  return told.ok ? ok(null) : told;
});
serve(SUBJECT.seal, ({ store }) => store.seal());
serve(SUBJECT.retain, ({ store }, payload) => store.retain(decodePolicy(payload)));
const releases = new Map<number, () => void>();
let copiers = 0;
serve(SUBJECT.keepFiles, async ({ store }, payload) => {
  const kept = await store.keepFiles(Number(payload));
  if (!kept.ok) return kept;
  copiers += 1;
  releases.set(copiers, kept.value);
  return ok(copiers);
});
serve(SUBJECT.release, async (_on, payload) => {
  releases.get(Number(payload))?.();
  releases.delete(Number(payload));
  return ok(null);
});
serve(SUBJECT.stop, async ({ pipeline, clocks }) => {
  clocks.stop();
  await pipeline.stop();
  return ok(null);
});

function bucketAsk(payload: Json): { readonly filter: unknown; readonly bucketMs: number } {
  if (payload === null || typeof payload !== 'object' || !('bucketMs' in payload)) {
    throw new Error('a request without bucketMs');
  }
  return { filter: payload['filter'], bucketMs: Number(payload['bucketMs']) };
}

function windowAsk(payload: Json): { readonly fromNs: bigint; readonly toNs: bigint } {
  if (payload === null || typeof payload !== 'object' || !('from' in payload)) {
    throw new Error('a summary request without from');
  }
  const fromNs = parseRfc3339(String(payload['from'])) ?? timeNs(0n);
  const toNs = parseRfc3339(String(payload['to'])) ?? clock.now();
  return { fromNs, toNs };
}

giveWayToCore();
const pipe = new Socket({ fd: 3 });
const link = bus.connect(pipe);
setInterval(() => {
  if (arrived > 0) bus.publish(SUBJECT.arrived, arrived);
  arrived = 0;
}, ARRIVAL_EVERY_MS);
setInterval(() => {
  if (evidence !== undefined) bus.publish(SUBJECT.alive, evidence.pipeline.trouble() ?? null);
}, ALIVE_EVERY_MS);
// Without its core there is nobody to collect for, and a new core starts a new evidence process.
void link.closed.then(() => process.exit(0));
// Ctrl-C in a terminal reaches the whole group; only the core decides when we end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
