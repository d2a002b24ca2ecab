import {
  startCollection,
  type Collection,
  type SourceEntry,
} from '../../evidence/collect/start-collection.ts';
import { createDetector, type Detector } from '../../evidence/detect/detector.ts';
import { EvidenceMemory } from '../../evidence/detect/evidence-memory.ts';
import type { Redact } from '../../evidence/normalize/redact-batch.ts';
import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import type { RecordBatch } from '../../model/record-batch.ts';
import type { Signal } from '../../model/signal.ts';
import type { TriggerRule } from '../../model/trigger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppendReceipt, BatchOrigin, TelemetryStore } from '../../ports/telemetry-store.ts';

/** What the pipeline is put together from. */
export interface PipelineParts {
  readonly sources: readonly SourceEntry[];
  readonly store: TelemetryStore;
  readonly rules: readonly TriggerRule[];
  /** Hides what must not be stored nor told; absent: nothing. */
  readonly redact?: Redact;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSignal: (signal: Signal) => void;
  readonly onArrival: (records: number) => void;
}

/** The evidence plane at work. */
export interface Pipeline {
  readonly collection: Collection;
  readonly detector: Detector;
  readonly memory: EvidenceMemory;
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
  const { clock, onSignal, onArrival, redact = (batch) => batch } = parts;
  const detector = createDetector(parts.rules);
  const memory = new EvidenceMemory();
  const tell = (signals: readonly Signal[]): void => signals.forEach(onSignal);

  const onBatch = (raw: RecordBatch): void => {
    const batch = redact(raw);
    const nowNs = clock.now();
    memory.observe(batch, nowNs);
    tell(detector.observe(batch, nowNs));
    onArrival(batch.rows);
  };
  const store: Pick<TelemetryStore, 'append' | 'position'> = {
    append: (batch, origin) => parts.store.append(redact(batch), origin),
    position: (source) => parts.store.position(source),
  };
  const collection = await startCollection({ ...parts, store, onBatch });

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
    detector,
    memory,
    async deliver(batch, origin) {
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
