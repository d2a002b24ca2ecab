import { assertUnreachable } from '../../base/assert.ts';
import { parseRfc3339, toUnixMs } from '../../base/time.ts';
import type { CheckpointManifest } from './checkpoint.ts';

/** What a level rests on. */
export type ConsistencyEvidence = Pick<
  CheckpointManifest,
  | 'consistency'
  | 'stableFrom'
  | 'stableTo'
  | 'capturedFrom'
  | 'capturedTo'
  | 'references'
  | 'quiesced'
  | 'captures'
>;

/** As many as a person reads; the rest is counted. */
const NAMED_MAX = 5;

/**
 * The level of a checkpoint with what may be claimed because of it, in one sentence (recovery.md
 * 4.1): nobody may believe in a common instant that there was not.
 */
export function consistencyClaim(manifest: ConsistencyEvidence): string {
  return `${consistencyLevel(manifest)}: ${claimOf(manifest)}${notStill(manifest)}`;
}

/** The level alone, by number and name. */
export function consistencyLevel({
  consistency,
}: Pick<ConsistencyEvidence, 'consistency'>): string {
  return `${consistency} ${LEVEL_NAMES[consistency]}`;
}

const LEVEL_NAMES: Readonly<Record<ConsistencyEvidence['consistency'], string>> = {
  L0: 'fuzzy',
  L1: 'stable read',
  L2: 'ordered',
  L3: 'quiesced',
};

function claimOf(manifest: ConsistencyEvidence): string {
  const { consistency } = manifest;
  const spread = `spread = ${spreadOf(manifest)}`;
  switch (consistency) {
    case 'L0':
      return `no common instant; ${spread}${moved(manifest)}`;
    case 'L1':
      return `${stillWords(manifest)}${moved(manifest)}`;
    case 'L2':
      return `${orderWords(manifest)}; no common instant, ${spread}`;
    case 'L3':
      return `a point in time, writers stood still ${spanWords(manifest)}`;
    default:
      return assertUnreachable(consistency);
  }
}

function stillWords(manifest: ConsistencyEvidence): string {
  const { stableFrom, stableTo } = manifest;
  if (stableFrom !== stableTo) return `nothing changed ${spanWords(manifest)}`;
  return `every state was read before and after ${clockOf(stableTo)}, and was the same`;
}

function spanWords({ stableFrom, stableTo }: ConsistencyEvidence): string {
  return `between ${clockOf(stableFrom)} and ${clockOf(stableTo)}`;
}

function orderWords({ references = [] }: ConsistencyEvidence): string {
  const named = references.slice(0, NAMED_MAX).map(({ from, to }) => `${from} → ${to}`);
  const more = references.length - named.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `no dangling reference ${named.join(', ')}${rest}, as what refers was read first`;
}

/** Who has hooks and did not stand still by them, with the reason. */
function notStill({ quiesced = [] }: ConsistencyEvidence): string {
  return quiesced
    .flatMap(({ component, problem }) =>
      problem === undefined ? [] : [`; ${component}: ${problem}`],
    )
    .slice(0, NAMED_MAX)
    .join('');
}

/** Which states have no part in the claim. */
function moved({ captures }: ConsistencyEvidence): string {
  const names = captures.filter(({ unstable }) => unstable).map(({ state }) => state);
  if (names.length === 0) return '';
  const more = names.length - NAMED_MAX;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `; ${names.slice(0, NAMED_MAX).join(', ')}${rest} changed meanwhile`;
}

function spreadOf({ capturedFrom, capturedTo }: ConsistencyEvidence): string {
  const from = parseRfc3339(capturedFrom ?? '');
  const to = parseRfc3339(capturedTo ?? '');
  if (from === undefined || to === undefined) return 'unknown';
  return `${((toUnixMs(to) - toUnixMs(from)) / 1_000).toFixed(1)} s`;
}

/** Time of day with milliseconds: captures of one checkpoint lie close together. */
function clockOf(instant: string): string {
  return `${instant.slice(11, 23).replace(/Z$/, '')}Z`;
}
