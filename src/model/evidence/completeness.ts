import { parseRfc3339, timeNs, toRfc3339, toSecond, type TimeNs } from '../../base/time.ts';
import type { SourceWatermark } from '../checkpoint/checkpoint.ts';
import type { SourceStatus } from './store-status.ts';

/** A source whose evidence may lack something. */
export interface IncompleteSource {
  readonly source: string;
  /** Up to when its evidence is complete; absent when it has told nothing yet. */
  readonly time?: string;
  /** When it last lost records for good; absent when it did not. */
  readonly gapAt?: string;
  /** It only waits for senders: perhaps there was nothing to tell. */
  readonly silent?: true;
}

/** Up to when the evidence is known to have arrived. */
export interface Completeness {
  /** Complete up to here, for `complete` of `sources`; absent when that is none. */
  readonly upTo?: string;
  readonly complete: number;
  readonly sources: number;
  readonly incomplete: readonly IncompleteSource[];
  /** All of it in one sentence. */
  readonly text: string;
}

/** Sources that deliver every few seconds are never all of the same second. */
const LAG_MS = 30_000;

/** For so long a source that lost records is named; what is older is read in its gap events. */
const GAP_TOLD_MS = 3_600_000;

/** More are counted: it is one sentence. */
const NAMED_MAX = 3;

/**
 * How complete the evidence of these sources is. A source that was never heard of counts only when
 * it says itself whether it has read everything: a listener without senders holds nothing back.
 * Pure.
 */
export function completenessOf(
  sources: readonly SourceStatus[],
  watermarks: readonly SourceWatermark[],
  now: TimeNs,
): Completeness {
  const known = new Map(watermarks.map((watermark) => [watermark.source, watermark]));
  const expected = sources
    .map((source) => ({ source, mark: known.get(source.id) }))
    .filter(({ source, mark }) => source.state !== 'off' && isHeardOf(source, mark));
  const reached = expected.map(({ source, mark }) => ({
    id: source.id,
    time: reachedBy(source, mark, now),
    gapAt: gapOf(mark, now),
    isSilent: isSilent(source),
  }));
  const newest = reached.reduce<bigint | undefined>(
    (most, { time }) => (time !== undefined && (most === undefined || time > most) ? time : most),
    undefined,
  );
  const isComplete = ({ time, gapAt }: (typeof reached)[number]): boolean =>
    gapAt === undefined &&
    time !== undefined &&
    newest !== undefined &&
    newest - time <= BigInt(LAG_MS) * 1_000_000n;
  const complete = reached.filter(isComplete);
  const times = complete.flatMap(({ time }) => time ?? []);
  const upTo = times.length === 0 ? undefined : times.reduce((a, b) => (b < a ? b : a));
  const incomplete = reached.filter((each) => !isComplete(each));
  const told = incomplete
    .toSorted((a, b) => Number((a.time ?? 0n) - (b.time ?? 0n)))
    .map(({ id, time, gapAt, isSilent: silent }) => ({
      source: id,
      ...(silent ? { silent } : {}),
      ...(time === undefined ? {} : { time: toRfc3339(time) }),
      ...(gapAt === undefined ? {} : { gapAt }),
    }));
  const counts = { complete: complete.length, sources: reached.length, incomplete: told };
  const text = sentence(upTo, counts, now);
  return { ...(upTo === undefined ? {} : { upTo: toRfc3339(upTo) }), ...counts, text };
}

function isHeardOf(source: SourceStatus, mark: SourceWatermark | undefined): boolean {
  return mark?.time !== undefined || source.caughtUp !== undefined || source.state === 'failed';
}

/** What a source that has read everything did not tell did not happen. */
function reachedBy(
  { state, caughtUp, lagMs, problem }: SourceStatus,
  mark: SourceWatermark | undefined,
  now: TimeNs,
): TimeNs | undefined {
  const told = mark?.time === undefined ? undefined : parseRfc3339(mark.time);
  const knowsAll = state === 'running' && caughtUp === true && problem === undefined;
  if (knowsAll && lagMs === 0) return now;
  if (told === undefined || lagMs === 0) return told;
  const waiting = timeNs(now - BigInt(Math.ceil(lagMs)) * 1_000_000n);
  return waiting < told ? waiting : told;
}

/** Nothing of a sender waits here, and whether a sender waits nobody here can know. */
function isSilent({ state, caughtUp, lagMs, problem }: SourceStatus): boolean {
  return state === 'running' && caughtUp === undefined && lagMs === 0 && problem === undefined;
}

function gapOf(mark: SourceWatermark | undefined, now: TimeNs): string | undefined {
  const at = mark?.gapAt === undefined ? undefined : parseRfc3339(mark.gapAt);
  if (at === undefined || now - at > BigInt(GAP_TOLD_MS) * 1_000_000n) return undefined;
  return mark?.gapAt;
}

function sentence(
  upTo: TimeNs | undefined,
  { complete, sources, incomplete }: Pick<Completeness, 'complete' | 'sources' | 'incomplete'>,
  now: TimeNs,
): string {
  if (sources === 0) return 'no source has told anything yet';
  const all = sources === 1 ? 'the only source' : `all ${sources} sources`;
  const of = complete === sources ? all : `${complete} of ${sources} sources`;
  const until = upTo === undefined ? '' : ` up to ${clockText(upTo, now)}`;
  const head = `complete${until} for ${of}`;
  const named = incomplete.slice(0, NAMED_MAX).map((each) => incompleteText(each, now));
  const more = incomplete.length - named.length;
  return [head, ...named, ...(more === 0 ? [] : [`${more} more are not`])].join('; ');
}

function incompleteText({ source, time, gapAt, silent }: IncompleteSource, now: TimeNs): string {
  if (gapAt !== undefined) {
    return `${source} lost records at ${clockText(parseRfc3339(gapAt) ?? now, now)}`;
  }
  if (time === undefined) return `${source} has told nothing yet`;
  const behind = Number(now - (parseRfc3339(time) ?? now)) / 1e9;
  return silent === true
    ? `${source} has been silent for ${ageText(behind)}`
    : `${source} is ${ageText(behind)} behind`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}

/** The time of day, UTC; with the date when it is not today's. */
function clockText(time: TimeNs, now: TimeNs): string {
  const [text, today] = [toRfc3339(time), toRfc3339(now)];
  const isToday = text.slice(0, 10) === today.slice(0, 10);
  return isToday ? `${text.slice(11, 19)} UTC` : toSecond(text);
}
