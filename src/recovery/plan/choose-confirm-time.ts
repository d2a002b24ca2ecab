import { CONFIRM_MS, CONFIRM_MS_MAX, NETWORK_CONFIRM_MS } from '../../model/run/confirm-time.ts';
import { WATCHING_SHARE_MAX } from '../../model/run/watching-share.ts';
import type { PlanInput, PlanState } from './plan-input.ts';

/** How long a run of a plan waits to be confirmed, and why it is not what is configured. */
export interface ConfirmTime {
  readonly ms: number;
  readonly why?: string;
}

/** What it took is seldom what it takes: a slow day is twice as slow as the slowest seen. */
const MEASURED_FACTOR = 2;

/**
 * What is configured; else ten minutes, and two where nothing but the network of this very machine
 * changes: whoever asked may have no other way in. Never less than twice what runs of the same
 * components took to change and to check, or they would be turned back for being slow.
 */
export function chooseConfirmTime(
  touched: readonly PlanState[],
  watchedMs: number,
  { confirmTimeoutMs, took }: Pick<PlanInput, 'confirmTimeoutMs' | 'took'>,
): ConfirmTime {
  const isNetwork = touched.every(
    ({ carriesTraffic, isHere }) => carriesTraffic && isHere === true,
  );
  const isShort = isNetwork && watchedMs <= NETWORK_CONFIRM_MS * WATCHING_SHARE_MAX;
  const ms = confirmTimeoutMs ?? (isShort ? NETWORK_CONFIRM_MS : CONFIRM_MS);
  const leastMs = Math.min(CONFIRM_MS_MAX, MEASURED_FACTOR * (took?.ms ?? 0));
  if (took !== undefined && ms < leastMs) {
    const seconds = Math.ceil(took.ms / 1000);
    const why = `twice the ${seconds} s that changing and checking this took before`;
    return { ms: leastMs, why };
  }
  return confirmTimeoutMs === undefined && isShort ? { ms, why: 'network only' } : { ms };
}
