import type { Limits } from './host-spec.ts';

/** How far a value is, the worst last. */
export const LEVELS = ['normal', 'warn', 'critical'] as const;

/** One of `LEVELS`. */
export type Level = (typeof LEVELS)[number];

/** What is remembered of one value. */
export interface WatchState {
  readonly level: Level;
  /** Since when the value has been over each threshold that it has not crossed yet. */
  readonly overSinceMs: { readonly warn?: number; readonly critical?: number };
}

/** A value went to another level. */
export interface Crossing {
  readonly from: Level;
  readonly to: Level;
  /** The threshold that was crossed: of the worse of both levels. */
  readonly threshold: number;
}

/** Nothing is known yet. */
export const CALM: WatchState = { level: 'normal', overSinceMs: {} };

/**
 * Compares a value with its thresholds at an instant of a clock that never goes back. A threshold
 * counts as crossed once the value was at or over it all the time for `for`, and as left once the
 * value is more than the hysteresis under it: a value that trembles at a threshold tells it once.
 */
export function watchValue(
  state: WatchState,
  value: number,
  limits: Limits,
  atMs: number,
): { readonly state: WatchState; readonly crossing?: Crossing } {
  const warnSince = value >= limits.warn ? (state.overSinceMs.warn ?? atMs) : undefined;
  const criticalSince = value >= limits.critical ? (state.overSinceMs.critical ?? atMs) : undefined;
  const held = (since: number | undefined): boolean =>
    since !== undefined && atMs - since >= limits.for;
  const stays = (threshold: number): boolean => value >= threshold - limits.hysteresis;
  const isCritical = held(criticalSince) || (state.level === 'critical' && stays(limits.critical));
  const isWarn = held(warnSince) || (state.level !== 'normal' && stays(limits.warn));
  const level: Level = isCritical ? 'critical' : isWarn ? 'warn' : 'normal';
  const next: WatchState = {
    level,
    overSinceMs: {
      ...(warnSince === undefined ? {} : { warn: warnSince }),
      ...(criticalSince === undefined ? {} : { critical: criticalSince }),
    },
  };
  if (level === state.level) return { state: next };
  const worse = LEVELS.indexOf(level) > LEVELS.indexOf(state.level) ? level : state.level;
  const threshold = worse === 'critical' ? limits.critical : limits.warn;
  return { state: next, crossing: { from: state.level, to: level, threshold } };
}
