import { explainedBy } from './divergence.ts';
import { nextOf, occurrences, usualLinks, type EventLink } from './event-links.ts';
import type { Finding } from './finding.ts';
import { confidence, likelihoodGain } from './proportion.ts';
import { START, unitsOf, unitsWithin, type Unit } from './units.ts';
import { JUST_BEFORE_MS, type WindowCase } from './window-case.ts';

/** A change of one operation, and the units of the incident that show it. */
interface Candidate {
  readonly component: string;
  readonly score: number;
  /** When each unit went another way. */
  readonly diverged: ReadonlyMap<number, number>;
  readonly resource: string;
  readonly text: string;
  readonly evidence: readonly string[];
}

/** Operations with fewer units in the baseline use those just before the incident, too. */
const BASELINE_UNITS_MIN = 3;
/** A share must fall by this, or that of errors rise by the other, to be of interest. */
const FALL_MIN = 0.3;
const RISE_MIN = 0.1;
const GAIN_MIN = 3;
/** What followed this often in the baseline is a known alternative. */
const ALTERNATIVE_SEEN_MIN = 2;
const ALTERNATIVE_SHARE_MIN = 0.05;

/**
 * What does not happen any more that nearly always did, and errors that are new, by operation. A
 * whole that only goes another way because a part of it did is left out: the deepest and earliest
 * divergence is the cause.
 */
export function eventPatterns(input: WindowCase): readonly Finding[] {
  const units = unitsOf(input);
  const { baseline, incident } = input;
  const before = byOperation(units, unitsWithin(units, baseline));
  const now = byOperation(units, unitsWithin(units, incident));
  const { fromMs } = incident;
  const lately = { fromMs: Math.max(baseline.toMs, fromMs - JUST_BEFORE_MS), toMs: fromMs };
  const justBefore = byOperation(units, unitsWithin(units, lately));
  const candidates: Candidate[] = [];
  for (const [operation, indexes] of now) {
    let usual = before.get(operation) ?? [];
    if (usual.length < BASELINE_UNITS_MIN) {
      usual = [...usual, ...(justBefore.get(operation) ?? [])];
    }
    const known = usual.flatMap((at) => units[at] ?? []);
    candidates.push(...missing(units, known, indexes), ...gained(units, known, indexes));
  }
  const divergedAt = new Map<number, number>();
  for (const { diverged } of candidates) {
    for (const [unit, at] of diverged) {
      divergedAt.set(unit, Math.min(divergedAt.get(unit) ?? Number.POSITIVE_INFINITY, at));
    }
  }
  const isExplained = explainedBy(units, divergedAt);
  return candidates.flatMap(({ diverged, score, ...rest }) => {
    const left = [...diverged].filter(([unit, at]) => !isExplained(unit, at)).length;
    if (left === 0) return [];
    const own = (score * left) / diverged.size;
    return [{ kind: 'pattern' as const, naming: 1, ...rest, score: own }];
  });
}

function byOperation(
  units: readonly Unit[],
  indexes: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const at of indexes) {
    const unit = units[at];
    if (unit === undefined) continue;
    const key = `${unit.component}\n${unit.operation}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [at]);
    else group.push(at);
  }
  return groups;
}

/** Links of the baseline that hold less often now. */
function missing(
  units: readonly Unit[],
  known: readonly Unit[],
  indexes: readonly number[],
): readonly Candidate[] {
  return usualLinks(known).flatMap((link) => {
    const before = followed(known, link);
    const fresh = indexes.flatMap((at) => units[at] ?? []);
    const now = followed(fresh, link);
    const isError = known.some(({ events }) => events.some((e) => e.key === link.b && e.isError));
    const fall = before.share - now.share;
    const gain = likelihoodGain(before.hits, before.seen, now.hits, now.seen);
    if (now.seen < 2 || fall < FALL_MIN || gain < GAIN_MIN || isError) return [];
    const { diverged, instead, alternatives } = divergent(units, known, indexes, link);
    if (diverged.size === 0) return [];
    const share = Math.min(fall, diverged.size / now.seen);
    const weight = 1 - 0.4 * (alternatives / diverged.size);
    const { component = '', operation = '' } = fresh[0] ?? {};
    const where = operation === '' ? '' : `in ${operation}: `;
    const other = instead === undefined ? '' : `; instead "${instead}"`;
    return [
      {
        component,
        score: confidence(gain) * share * weight,
        diverged,
        resource: link.b,
        text:
          `${where}after ${said(link.a)} the expected "${link.b}" is missing in ` +
          `${now.seen - now.hits} of ${now.seen} (normally followed in ${before.hits} of ` +
          `${before.seen})${other}`,
        evidence: [link.a, link.b, ...(instead === undefined ? [] : [instead])],
      },
    ];
  });
}

const said = (key: string): string => (key === START ? 'its start' : `"${key}"`);

function followed(
  units: readonly Unit[],
  link: EventLink,
): { readonly seen: number; readonly hits: number; readonly share: number } {
  const all = units.flatMap((unit) => occurrences(unit, link));
  const hits = all.filter(({ isFollowed }) => isFollowed).length;
  return { seen: all.length, hits, share: all.length === 0 ? 0 : hits / all.length };
}

/** The units of the incident in which `a` is not followed by `b`, for no reason that is known. */
function divergent(
  units: readonly Unit[],
  known: readonly Unit[],
  indexes: readonly number[],
  link: EventLink,
): {
  readonly diverged: ReadonlyMap<number, number>;
  readonly instead: string | undefined;
  readonly alternatives: number;
} {
  const usual = alternativesOf(known, link);
  const wasFailing = !known.some(
    (unit) => !unit.hasError && occurrences(unit, link).some(({ isFollowed }) => isFollowed),
  );
  const diverged = new Map<number, number>();
  const others = new Map<string, number>();
  let alternatives = 0;
  for (const index of indexes) {
    const unit = units[index];
    const lost = unit && occurrences(unit, link).find(({ isFollowed }) => !isFollowed);
    if (unit === undefined || lost === undefined) continue;
    const next = nextOf(unit.events, lost.at, link.sort);
    if (usual.has(next?.key ?? END) || (wasFailing && !unit.hasError)) continue;
    diverged.set(index, next?.atMs ?? unit.endMs);
    if (next === undefined) continue;
    others.set(next.key, (others.get(next.key) ?? 0) + 1);
    if (!unit.hasError) alternatives += 1;
  }
  const [instead] = [...others].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return { diverged, instead, alternatives };
}

const END = '';

/** What else followed `a` in the baseline, often enough to be nothing new. */
function alternativesOf(known: readonly Unit[], link: EventLink): ReadonlySet<string> {
  const counts = new Map<string, number>();
  let seen = 0;
  for (const unit of known) {
    for (const { at, isFollowed } of occurrences(unit, link)) {
      seen += 1;
      if (isFollowed) continue;
      const next = nextOf(unit.events, at, link.sort)?.key ?? END;
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
  }
  const least = Math.max(ALTERNATIVE_SEEN_MIN, ALTERNATIVE_SHARE_MIN * seen);
  return new Set([...counts].filter(([, count]) => count >= least).map(([key]) => key));
}

/** Errors that more units have than before. */
function gained(
  units: readonly Unit[],
  known: readonly Unit[],
  indexes: readonly number[],
): readonly Candidate[] {
  const keys = new Set(
    indexes.flatMap((at) =>
      (units[at]?.events ?? []).filter(({ isError }) => isError).map(({ key }) => key),
    ),
  );
  const seen = Math.max(2, known.length);
  return [...keys].flatMap((key) => {
    const before = known.filter(({ events }) => events.some((e) => e.key === key)).length;
    const diverged = new Map<number, number>();
    let previous: string | undefined;
    for (const at of indexes) {
      const { events = [] } = units[at] ?? {};
      const found = events.findIndex((e) => e.key === key);
      if (found < 0) continue;
      diverged.set(at, events[found]?.atMs ?? 0);
      previous ??= events[found - 1]?.key;
    }
    const rise = diverged.size / indexes.length - before / seen;
    const gain = likelihoodGain(before, seen, diverged.size, indexes.length);
    if (rise < RISE_MIN || gain < GAIN_MIN) return [];
    const { component = '', operation = '' } = units[indexes[0] ?? -1] ?? {};
    const where = operation === '' ? '' : `in ${operation}: `;
    const usual = previous === undefined ? undefined : usualNext(known, previous);
    const line = previous === undefined ? '' : `, after ${said(previous)}`;
    const expected = usual === undefined ? '' : `, where "${usual}" used to follow`;
    return [
      {
        component,
        score: confidence(gain) * rise,
        diverged,
        resource: key,
        text:
          `${where}new error "${key}" in ${diverged.size} of ${indexes.length} ` +
          `(before in ${before} of ${known.length})${line}${expected}`,
        evidence: [key, ...(previous === undefined ? [] : [previous]), ...(usual ? [usual] : [])],
      },
    ];
  });
}

function usualNext(known: readonly Unit[], a: string): string | undefined {
  return usualLinks(known).find((link) => link.a === a && link.sort === 'log')?.b;
}
