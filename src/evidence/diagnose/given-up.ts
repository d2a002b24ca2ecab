import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { list, plural } from './wording.ts';

/** How many newer versions of a component going to a checkpoint would take back. */
export interface GivenUp {
  readonly component: string;
  readonly versions: number;
}

/** A checkpoint with the version of each state it can restore. */
export interface Held {
  readonly view: CheckpointView;
  /** Fingerprints by `StateSpec.id`. */
  readonly versions: ReadonlyMap<string, string>;
}

/** What checkpoints hold, the newest first. */
export function heldBy(views: readonly CheckpointView[]): readonly Held[] {
  return views
    .toSorted((a, b) => (a.manifest.takenAt > b.manifest.takenAt ? -1 : 1))
    .map((view) => {
      const restorable = view.manifest.captures.filter(({ compareOnly }) => !compareOnly);
      const versions = new Map(restorable.map(({ state, fingerprint }) => [state, fingerprint]));
      return { view, versions };
    });
}

/**
 * What a checkpoint gives up against the newest of `held`, which are sorted the newest first. The
 * change that is to be taken back came after all of them, so every version among them that going
 * further back loses had nothing to do with it. Content decides, not age: a checkpoint that holds
 * the very version which the newest one holds gives up nothing of it. A component with several
 * states counts as often as the one of them that changed most: a release changes more than one.
 * Sorted by the names of the components.
 */
export function givenUp({ manifest }: CheckpointView, held: readonly Held[]): readonly GivenUp[] {
  const later = held.filter(({ view }) => view.manifest.takenAt > manifest.takenAt);
  const [newest] = later;
  if (newest === undefined) return [];
  const counts = new Map<string, number>();
  for (const { state, component, fingerprint, compareOnly } of manifest.captures) {
    // What the newest one does not hold stays as it is either way.
    if (compareOnly || !newest.versions.has(state)) continue;
    const newer = new Set<string>();
    for (const one of later) {
      const version = one.versions.get(state);
      if (version === fingerprint) break;
      if (version !== undefined) newer.add(version);
    }
    counts.set(component, Math.max(counts.get(component) ?? 0, newer.size));
  }
  return [...counts]
    .filter(([, versions]) => versions > 0)
    .map(([component, versions]) => ({ component, versions }))
    .toSorted((a, b) => (a.component < b.component ? -1 : 1));
}

/** How many versions that are, of all components together. */
export function versionsGivenUp(parts: readonly GivenUp[]): number {
  return parts.reduce((sum, { versions }) => sum + versions, 0);
}

/** Components named in a sentence; the plan shows all of them. */
const NAMED_MAX = 3;

/** `3 newer versions of payment and 1 newer version of web`. */
export function givenUpText(parts: readonly GivenUp[]): string {
  const most = parts.toSorted((a, b) => b.versions - a.versions);
  const named = most
    .slice(0, NAMED_MAX)
    .map(({ component, versions }) => `${plural(versions, 'newer version')} of ${component}`);
  const more = most.length - named.length;
  return list(more > 0 ? [...named, `newer ones of ${plural(more, 'component')} more`] : named);
}
