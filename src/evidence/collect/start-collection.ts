import { canonicalJson } from '../../base/canonical-json.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';
import type { KeptReject } from './reject-ring.ts';
import type { CollectionParts, SourceEntry } from './source-entry.ts';
import { superviseSource, type SupervisedSource } from './supervise-source.ts';

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
