/** The wall clock of a host was set: what it did beyond what its uptime did. */
export interface JournalStep {
  /** What the wall clock showed at the last entry before. */
  readonly wallBeforeMs: number;
  readonly observedBeforeMs: number;
  /** How long it truly took from that entry to the one after. */
  readonly passedMs: number;
  readonly byMs: number;
}

/** Boots whose newest entry is remembered; each has some hundred bytes. */
const BOOTS_MAX = 2_000;

/**
 * Both clocks of an entry are read one after the other: a journal that is interrupted in between
 * seems to have been set by as long. NTP programs set a clock from 128 ms on and slew the rest,
 * which moves both clocks alike.
 */
const STEP_MIN_MS = 50;

/** What entries may be late by; a machine sleeps longer than that. */
const LATE_MS = 1_000;

/** The newest entry of a boot. */
interface Entry {
  readonly wallMs: number;
  readonly uptimeMs: number;
  readonly observedMs: number;
}

/**
 * Sees steps in systemd's journal at once and exactly: every entry bears wall clock and uptime of
 * one moment, and within a boot only a step moves one against the other. So does sleep, of which
 * the uptime knows nothing; hence a jump is a step only if our own clock went on like the uptime.
 */
export class JournalSteps {
  readonly #newest = new Map<string, Entry>();

  /** Takes an entry by its position (a cursor) and attributes, as the journal normalizers write. */
  take(
    clock: string,
    position: string,
    attributes: string,
    observedMs: number,
  ): JournalStep | undefined {
    // Cheap first: nearly all records are not of a journal.
    if (!position.startsWith('s=')) return undefined;
    const wall = WALL.exec(attributes)?.[1];
    const uptime = UPTIME.exec(attributes)?.[1];
    const boot = BOOT.exec(attributes)?.[1];
    if (wall === undefined || uptime === undefined || boot === undefined) return undefined;
    const entry = { wallMs: Number(wall) / 1e3, uptimeMs: Number(uptime) / 1e3, observedMs };
    const key = `${clock}\n${boot}`;
    const before = this.#newest.get(key);
    // Files of a journal are merged by wall clock: what is older by uptime comes late.
    if (before !== undefined && entry.uptimeMs < before.uptimeMs) return undefined;
    this.#newest.delete(key);
    this.#newest.set(key, entry);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > BOOTS_MAX && oldest !== undefined) this.#newest.delete(oldest);
    return before === undefined ? undefined : stepBetween(before, entry);
  }
}

const WALL = /"__REALTIME_TIMESTAMP":"(\d{1,16})"/;
const UPTIME = /"__MONOTONIC_TIMESTAMP":"(\d{1,16})"/;
const BOOT = /"_BOOT_ID":"([0-9a-f]{32})"/;

function stepBetween(before: Entry, after: Entry): JournalStep | undefined {
  const passedMs = after.uptimeMs - before.uptimeMs;
  const byMs = after.wallMs - before.wallMs - passedMs;
  if (Math.abs(byMs) < STEP_MIN_MS) return undefined;
  const wentOn = after.observedMs - before.observedMs;
  if (Math.abs(wentOn - passedMs) > Math.max(Math.abs(byMs) / 2, LATE_MS)) return undefined;
  return { wallBeforeMs: before.wallMs, observedBeforeMs: before.observedMs, passedMs, byMs };
}
