import { counted } from '../../base/counted.ts';
import type { AttemptCount } from '../../evidence/detect/connection-attempts.ts';
import type { ToldTrouble } from '../../evidence/diagnose/diagnosis-input.ts';
import type { EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import type { Suspect } from '../../model/incident/suspect.ts';

/** Records within the incident, of kinds that two windows do not compare. */
export interface ReadCounts {
  packets: number;
  alerts: number;
  /** Log records and events of no trace. */
  logs: number;
}

/** What was left out for want of room, by what it was. */
export interface LostCounts {
  readonly attempts: number;
  readonly troubles: number;
  readonly changes: number;
  /** Counts of texts, operations and pairs of components. */
  readonly counts: number;
}

/** Pairs named in a sentence. */
const PAIRS_MAX = 3;

/** Says of each kind what it showed where that was nothing, and what no suspect can show. */
export function tellWhatWasRead(
  { packets, alerts, logs }: ReadCounts,
  counts: readonly AttemptCount[],
  told: readonly ToldTrouble[],
  { logs: errors }: EvidenceSummary,
): readonly string[] {
  const within = 'within the incident';
  const hasErrors = errors.some(({ during }) => during > 0) || told.length > 0;
  return [
    ...(packets === 0
      ? []
      : [
          packetText(
            packets,
            counts.filter(({ isDuring }) => isDuring),
          ),
        ]),
    ...(alerts === 0 || told.length > 0
      ? []
      : [`${counted(alerts, 'alert')} ${within}; none that is raised`]),
    ...(logs === 0 || hasErrors
      ? []
      : [`${counted(logs, 'log record')} without a trace ${within}; no error among them`]),
  ];
}

/** Says what a diagnosis does without: of a flood it keeps as much as its limits let it. */
export function tellWhatFoundNoRoom(lost: LostCounts): readonly string[] {
  const parts = [
    [lost.attempts, 'opened connection'],
    [lost.troubles, 'further report'],
    [lost.changes, 'older change'],
    [lost.counts, 'further count'],
  ] as const;
  const said = parts.flatMap(([count, noun]) => (count === 0 ? [] : [counted(count, noun)]));
  return said.length === 0 ? [] : [`left out, there being too many: ${said.join(', ')}`];
}

function packetText(packets: number, counts: readonly AttemptCount[]): string {
  const read = `${counted(packets, 'packet')} within the incident`;
  const told = [
    pairs(counts, 'refused', ({ refused }) => refused),
    pairs(counts, 'not answered', ({ unanswered }) => unanswered),
    pairs(counts, 'asked for again', ({ repeats }) => repeats),
  ].filter((text) => text !== '');
  const opened = counts.reduce((sum, { calls }) => sum + calls, 0);
  if (opened === 0) return `${read}; none opens a connection, so none can be seen to fail`;
  const of = `${read}, ${counted(opened, 'connection')} opened`;
  return told.length === 0
    ? `${of}; no refused or unanswered connection among them`
    : `${of}: ${told.join('; ')}`;
}

function pairs(
  counts: readonly AttemptCount[],
  word: string,
  numberOf: (count: AttemptCount) => number,
): string {
  const found = counts
    .filter((count) => numberOf(count) > 0)
    .toSorted((a, b) => numberOf(b) - numberOf(a));
  const total = found.reduce((sum, count) => sum + numberOf(count), 0);
  if (total === 0) return '';
  const named = found
    .slice(0, PAIRS_MAX)
    .map((one) => `${one.client} to ${one.server} port ${one.port}: ${numberOf(one)}`);
  const more = found.length > PAIRS_MAX ? ', …' : '';
  return `${total} ${word} (${named.join(', ')}${more})`;
}

/** Errors that are told one by one. */
const RARE_MAX = 5;

/** Errors too few, or too usual, to blame anybody by: who looks for the cause may know better. */
export function rareErrors(
  { logs }: EvidenceSummary,
  suspects: readonly Pick<Suspect, 'component'>[],
): readonly string[] {
  const blamed = new Set(suspects.map(({ component }) => component));
  const rare = logs
    .filter(({ component, during }) => during > 0 && !blamed.has(component))
    .toSorted((a, b) => a.before - b.before);
  const more = rare.length - RARE_MAX;
  return [
    ...rare.slice(0, RARE_MAX).map(({ component, sample, before, during, firstAt }) => {
      const since = firstAt === undefined ? '' : `, first at ${firstAt.slice(11, 19)} UTC`;
      const often = `${counted(during, 'time')}${since}; before: ${counted(before, 'time')}`;
      return `${component} logs "${sample}" ${often}: too little to judge by`;
    }),
    ...(more > 0 ? [`${counted(more, 'more error')}, each too little to judge by`] : []),
  ];
}
