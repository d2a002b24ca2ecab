import type { Json } from '../../base/canonical-json.ts';

/** What people are told about a dead-man that ended before its time. */
export interface DeadManNews {
  readonly run: string;
  /** What it watched over: states that are to be put back, or writers that are to go on. */
  readonly over: 'states' | 'writers';
  /** `replaced`: another one watches; `missing`: none can be started, which is tried on. */
  readonly now: 'replaced' | 'missing';
  readonly why: string;
}

/** Where a host runner publishes them. */
export const DEAD_MAN_SUBJECT = 'host.dead-man';

/** A reason is a sentence, whoever sends it. */
const WHY_CHARS_MAX = 500;

/** Parses what was published; undefined for anything else. */
export function decodeDeadManNews(payload: Json): DeadManNews | undefined {
  const said: Record<keyof DeadManNews, unknown> = { ...NOTHING, ...Object(payload) };
  const { run, over, now, why } = said;
  if (typeof run !== 'string' || typeof why !== 'string') return undefined;
  if (over !== 'states' && over !== 'writers') return undefined;
  if (now !== 'replaced' && now !== 'missing') return undefined;
  return { run, over, now, why: why.slice(0, WHY_CHARS_MAX) };
}

const NOTHING: Readonly<Record<keyof DeadManNews, unknown>> = {
  run: undefined,
  over: undefined,
  now: undefined,
  why: undefined,
};
