import { toUnixMs, type TimeNs } from '../base/time.ts';
import type { Instant } from '../model/run/instant.ts';

/** Time as an argument. The real one reads the host; tests bring one they move by hand. */
export interface Clock {
  /** Wall time; may step. */
  now(): TimeNs;
  /** Milliseconds that never go back within one boot, also over process restarts; see `bootId`. */
  uptimeMs(): number;
  /** Changes with every boot of the machine: deadlines of another boot have expired. */
  bootId(): string;
  /** Calls back once after about `ms`; the answer takes the call back. */
  after(ms: number, call: () => void): () => void;
}

/** The moment on both clocks. */
export function instantOf(clock: Clock): Instant {
  return { wallMs: toUnixMs(clock.now()), uptimeMs: clock.uptimeMs(), bootId: clock.bootId() };
}
