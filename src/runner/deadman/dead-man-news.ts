import type { Json } from '../../base/canonical-json.ts';

/** What people are told about a dead-man that ended before its time. */
export interface DeadManNews {
  readonly run: string;
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
  const { run, now, why }: Record<keyof DeadManNews, unknown> = { ...NOTHING, ...Object(payload) };
  if (typeof run !== 'string' || typeof why !== 'string') return undefined;
  if (now !== 'replaced' && now !== 'missing') return undefined;
  return { run, now, why: why.slice(0, WHY_CHARS_MAX) };
}

const NOTHING: Readonly<Record<keyof DeadManNews, unknown>> = {
  run: undefined,
  now: undefined,
  why: undefined,
};
