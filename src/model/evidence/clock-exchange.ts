/** What one answer of a host runner tells of two clocks. */
export interface ClockExchange {
  /** When we asked and when the answer was there, by our wall clock, milliseconds. */
  readonly sentMs: number;
  readonly receivedMs: number;
  /** What theirs showed in between: it is read once, as answering takes no time. */
  readonly theirMs: number;
  /** The boot of theirs; another one begins with another clock. */
  readonly boot: string;
}
