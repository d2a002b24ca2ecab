import type { CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { distance } from '../../screen/moment.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Status = CallAnswer<'status'>;

/** More sources than this are counted, and only those in trouble are named: it is one screen. */
const SOURCES_NAMED_MAX = 4;

/** Reasons for keeping old evidence that are told in words. */
const HELD_NAMED_MAX = 3;

/** What is stored, up to when it is whole, and what keeps old evidence. */
export function evidenceText({ evidence, store, completeness }: Status): string {
  const { state, restarts, why } = evidence;
  const often = restarts === 0 ? '' : `, restarted ${restarts} times`;
  const stored =
    store === undefined
      ? ''
      : `, ${store.records} records in ${counted(store.segments, 'segment')}`;
  const line = `${state}${stored}${often}${why === undefined ? '' : `: ${harmless(why)}`}`;
  const complete = completeness === undefined ? [] : [harmless(completeness.text)];
  return [line, ...complete, ...heldText(store?.held ?? [])].join('\n');
}

/** Why the disk is not freed. */
function heldText(held: NonNullable<Status['store']>['held']): readonly string[] {
  const shown = held.slice(0, HELD_NAMED_MAX).map(({ why, segments, bytes }) => {
    const size = `${(bytes / 1e6).toFixed(1)} MB in ${counted(segments, 'segment')}`;
    return `${size} past retention: ${harmless(why)}`;
  });
  const more = held.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more reasons; see lastgood status --json`];
}

/** The sources, or how many there are and which are in trouble. */
export function sourceText({ sources }: Status, screen: Screen, nowMs: number): string {
  const line = (source: Status['sources'][number]): string => {
    const { id, state, target, records, leftOut, rejects, shed, gaps = 0, lastRecordAt } = source;
    const mark = paint(screen, state === 'running' ? 'good' : 'warn', state);
    const last = lastRecordAt === undefined ? '' : `, last ${distance(lastRecordAt, nowMs)}`;
    const refused = rejects === 0 ? '' : `, ${rejects} rejected`;
    const missed = gaps === 0 ? '' : `, ${paint(screen, 'warn', counted(gaps, 'gap'))}`;
    const omitted = leftOut === 0 ? '' : `, ${leftOut} left out by rules`;
    const lost = shed === 0 ? '' : `, ${paint(screen, 'warn', `${shed} shed`)}`;
    const missing = `${omitted}${refused}${lost}${missed}`;
    return `${id} ${mark}, ${records} records${last}${missing}, ${harmless(target)}`;
  };
  if (sources.length === 0) return 'none';
  if (sources.length <= SOURCES_NAMED_MAX) return sources.map(line).join('\n');
  const states = Object.entries(Object.groupBy(sources, ({ state }) => state));
  const records = sources.reduce((sum, one) => sum + one.records, 0);
  const last = sources
    .flatMap(({ lastRecordAt }) => lastRecordAt ?? [])
    .toSorted()
    .at(-1);
  const summary = states.map(([state, of]) => `${of.length} ${state}`).join(', ');
  const age = last === undefined ? '' : `, last ${distance(last, nowMs)}`;
  const troubled = sources.filter(
    ({ state, problem, shed, gaps = 0 }) =>
      state !== 'running' || problem !== undefined || gaps > 0 || shed > 0,
  );
  return [`${summary}; ${records} records${age}`, ...troubled.map(line)].join('\n');
}

/** How the clocks that stamp records stand to ours. */
export function clockText({ clocks }: Status): string {
  const worst = clocks.toSorted((a, b) => Math.abs(b.offsetNs) - Math.abs(a.offsetNs))[0];
  if (worst === undefined) return 'none related to ours: records sort by their own time';
  const bound = worst.boundNs === undefined ? 'unknown' : `${(worst.boundNs / 1e6).toFixed(1)} ms`;
  const off = `${(worst.offsetNs / 1e6).toFixed(1)} ms ± ${bound}`;
  const moved = clocks.filter(({ corrected }) => corrected).length;
  const related = `${clocks.length} related to ours, ${moved} corrected`;
  return `${related}; farthest ${harmless(worst.clock)} ${off}`;
}
