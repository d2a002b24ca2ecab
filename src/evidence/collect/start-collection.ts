import { canonicalJson } from '../../base/canonical-json.ts';
import type { Log } from '../../base/log.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { SourceRule } from '../../model/evidence/source-rule.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Source } from '../../ports/source.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';
import type { KeptReject } from './reject-ring.ts';
import { superviseSource, type SupervisedSource } from './supervise-source.ts';

/** A source of the configuration with its adapter. `spec` is parsed by the adapter's own schema. */
export interface SourceEntry {
  /** Unique; the `source.id` of its records and the key of its position. */
  readonly id: string;
  readonly kind: string;
  readonly source: Source<unknown>;
  readonly spec: unknown;
  /** What else it was made with, such as who may send; when that changes it is started anew. */
  readonly madeWith?: string;
  /** What of it is not stored one by one; the first that is about a record decides. */
  readonly rules?: readonly SourceRule[];
}

/** What collecting needs. */
export interface CollectionParts {
  readonly store: Pick<TelemetryStore, 'append' | 'position'>;
  /** Hides what must not be stored, shown nor judged; absent: nothing. */
  readonly redact?: (batch: RecordBatch) => RecordBatch;
  /**
   * Told of each batch, with what rules left out of it, once the rest is durable; in order per
   * source; must not block.
   */
  readonly onBatch: (batch: RecordBatch) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sources at work. */
export interface Collection {
  /** One status a source, in the order of the configuration. */
  status(): readonly SourceStatus[];
  /** The newest rejects, of one source or of all. */
  rejects(source?: string): readonly KeptReject[];
  /** Stops what is gone or changed and starts what is new; the others are left at work. */
  reconfigure(entries: readonly SourceEntry[]): Promise<void>;
  /** Stops every source once what it took is delivered. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts all sources and answers when each has been tried once. A source that cannot start (a taken
 * port, an unreadable file) is a warning in its status, never a failed start of the whole.
 */
export async function startCollection(
  parts: CollectionParts & { readonly sources: readonly SourceEntry[] },
): Promise<Collection> {
  let sources = parts.sources.map((entry) => superviseSource(entry, parts));
  await Promise.all(sources.map(({ firstAttempt }) => firstAttempt));
  const stopAll = async (which: readonly SupervisedSource[]): Promise<void> => {
    await Promise.all(which.map((source) => source.stop()));
  };
  return {
    status: () => sources.map((source) => source.status()),
    rejects: (id) =>
      sources
        .filter(({ entry }) => id === undefined || entry.id === id)
        .flatMap((source) => source.rejects()),
    async reconfigure(entries) {
      const kept = new Map(
        entries.map((entry) => [entry, sources.find((source) => isSame(source.entry, entry))]),
      );
      const staying = new Set(kept.values());
      await stopAll(sources.filter((source) => !staying.has(source)));
      sources = entries.map((entry) => {
        const running = kept.get(entry);
        running?.useRules(entry.rules ?? []);
        return running ?? superviseSource(entry, parts);
      });
      await Promise.all(sources.map(({ firstAttempt }) => firstAttempt));
    },
    stop: () => stopAll(sources),
  };
}

function isSame(running: SourceEntry, wanted: SourceEntry): boolean {
  return (
    running.id === wanted.id &&
    running.kind === wanted.kind &&
    running.madeWith === wanted.madeWith &&
    canonicalJson(running.spec) === canonicalJson(wanted.spec)
  );
}
