/** A moment on both clocks of the machine: neither alone can be trusted over a crash. */
export interface Instant {
  /** Milliseconds since the epoch; may step. */
  readonly wallMs: number;
  /** Milliseconds since boot; never goes back within one boot. */
  readonly uptimeMs: number;
  /** Changes with every boot. */
  readonly bootId: string;
}

/** A duration that began at a known moment. */
export interface Deadline {
  readonly set: Instant;
  readonly afterMs: number;
}

/** Clock slewing (500 ppm, RFC 5905) loses 1.8 s in the longest run of an hour; more is a step. */
const WALL_BACK_MS_MAX = 5_000;

/**
 * Whether a deadline has passed. In doubt it has: another boot, and a wall clock that went back,
 * count as expired, because an expired run goes back to where it came from, which is always safe.
 */
export function isExpired(deadline: Deadline, at: Instant): boolean {
  if (at.bootId !== deadline.set.bootId) return true;
  const uptime = at.uptimeMs - deadline.set.uptimeMs;
  const wall = at.wallMs - deadline.set.wallMs;
  return (
    uptime < 0 ||
    uptime >= deadline.afterMs ||
    wall >= deadline.afterMs ||
    wall < uptime - WALL_BACK_MS_MAX
  );
}

/** Milliseconds left on the clock that is further on; 0 once expired. */
export function remainingMs(deadline: Deadline, at: Instant): number {
  if (isExpired(deadline, at)) return 0;
  const uptime = at.uptimeMs - deadline.set.uptimeMs;
  const wall = at.wallMs - deadline.set.wallMs;
  return deadline.afterMs - Math.max(uptime, wall);
}

/** When a deadline passes on the wall clock, milliseconds since the epoch. */
export function deadlineWallMs(deadline: Deadline): number {
  return deadline.set.wallMs + deadline.afterMs;
}
