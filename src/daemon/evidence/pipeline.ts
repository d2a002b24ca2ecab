import type { SourceEntry } from '../../evidence/collect/source-entry.ts';
import { startCollection, type Collection } from '../../evidence/collect/start-collection.ts';
import { NameCensus } from '../../evidence/align/name-census.ts';
import type { ClockWatch } from '../../evidence/align/clock-watch.ts';
import { createDetector } from '../../evidence/detect/watch/detector.ts';
import { EvidenceMemory } from '../../evidence/detect/memory/evidence-memory.ts';
import type { Redact } from '../../evidence/normalize/redact-batch.ts';
import type { Log } from '../../base/log.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { EntityReport } from '../../model/evidence/entity-report.ts';
import type { Result } from '../../base/result.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { TriggerRule, TriggerState } from '../../model/incident/trigger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppendReceipt, BatchOrigin, TelemetryStore } from '../../ports/telemetry-store.ts';

/** What the configuration decides; replaced while the pipeline works. */
export interface PipelineSettings {
  readonly sources: readonly SourceEntry[];
  readonly rules: readonly TriggerRule[];
  /** Hides what must not be stored nor told; absent: nothing. */
  readonly redact?: Redact;
}

/** What the pipeline is put together from. */
export interface PipelineParts extends PipelineSettings {
  readonly store: TelemetryStore;
  readonly clock: Clock;
  readonly log: Log;
  /** How the clocks of records stand to ours. */
  readonly clocks: Pick<ClockWatch, 'observe' | 'offsetNow'>;
  readonly onSignal: (signal: Signal) => void;
  readonly onArrival: (records: number) => void;
}

/** The evidence plane at work. */
export interface Pipeline {
  readonly collection: Collection;
  readonly memory: EvidenceMemory;
  /** Who sent, and who needs whom, since the pipeline was started. */
  entities(): EntityReport;
  /** Every trigger as of now. */
  triggers(): readonly TriggerState[];
  /** Why records cannot be stored at the moment; undefined while they can. */
  trouble(): string | undefined;
  /** Takes over what changed; sources and triggers that stay the same are left at work. */
  configure(settings: PipelineSettings): Promise<void>;
  /** Stores and counts a batch that comes by the core rather than by a source. */
  deliver(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>>;
  stop(): Promise<void>;
}

/** How finely time passes for triggers: a quarter of the second in which they shall fire. */
const TICK_MS = 250;

/**
 * sources -> collect -> normalize -> align -> store -> detect -> signals. Sources normalize what
 * they collect and resolve its entity; a batch is stored first and counted only when it is durable,
 * so that nothing is ever detected that cannot be shown.
 */
export async function startPipeline(parts: PipelineParts): Promise<Pipeline> {
  const { clock, onSignal, onArrival } = parts;
  let { rules, redact = asIs } = parts;
  let detector = createDetector(rules);
  const memory = new EvidenceMemory();
  const census = new NameCensus();
  const since = toRfc3339(clock.now());
  let trouble: string | undefined;
  const tell = (signals: readonly Signal[]): void => signals.forEach(onSignal);

  const onBatch = (batch: RecordBatch): void => {
    const nowNs = clock.now();
    census.observe(batch);
    parts.clocks.observe(batch);
    const ahead = (name: string): bigint => parts.clocks.offsetNow(name, nowNs);
    memory.observe(batch, nowNs, ahead);
    tell(detector.observe(batch, nowNs, ahead));
    onArrival(batch.rows);
  };
  const store = heard(parts.store, (receipt) => {
    trouble = troubleAfter(receipt);
  });
  const hide: Redact = (batch) => redact(batch);
  const collection = await startCollection({ ...parts, store, onBatch, redact: hide });

  let cancel: () => void = () => undefined;
  const tick = (): void => {
    const nowNs = clock.now();
    tell(detector.tick(nowNs));
    memory.freeze(detector.isTroubled());
    cancel = clock.after(TICK_MS, tick);
  };
  tick();
  return {
    collection,
    memory,
    entities: () => ({ since, ...entitiesOf(census, memory) }),
    triggers: () => detector.states(clock.now()),
    trouble: () => trouble,
    async configure(settings) {
      redact = settings.redact ?? asIs;
      // New counters know nothing of what went by: they are not made for nothing.
      if (JSON.stringify(settings.rules) !== JSON.stringify(rules)) {
        rules = settings.rules;
        detector = createDetector(rules);
      }
      await collection.reconfigure(settings.sources);
    },
    async deliver(raw, origin) {
      const batch = redact(raw);
      const receipt = await store.append(batch, origin);
      if (receipt.ok) onBatch(batch);
      return receipt;
    },
    async stop() {
      cancel();
      await collection.stop();
      await parts.store.close();
    },
  };
}

/** The store as sources need it; `hear` is told how each batch fared. */
function heard(
  store: TelemetryStore,
  hear: (receipt: Result<AppendReceipt>) => void,
): Pick<TelemetryStore, 'append' | 'position'> {
  return {
    async append(batch, origin) {
      const receipt = await store.append(batch, origin);
      hear(receipt);
      return receipt;
    },
    position: (source) => store.position(source),
  };
}

function entitiesOf(census: NameCensus, { dependencies }: EvidenceMemory) {
  return {
    names: census.names(),
    dependencies: [...dependencies.list(census.addresses()), ...census.placements()],
    dropped: census.dropped + dependencies.dropped,
  };
}

const asIs: Redact = (batch) => batch;

/** A batch that its sender made wrong says nothing about the store. */
function troubleAfter(receipt: Result<AppendReceipt>): string | undefined {
  if (receipt.ok || receipt.error.code === 'LG_STORE_BATCH_INVALID') return undefined;
  return receipt.error.message;
}
