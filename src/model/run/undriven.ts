/**
 * What is known of a run that no daemon drives, beside its journal. `watching`: its dead-man runs
 * and puts everything back at the deadline; `reverting`: it has begun to; `reverted`: it is done,
 * see `found`; `gone`: it ended before its time, so nothing is put back until a daemon starts;
 * `unknown`: it cannot be told from here.
 */
export interface UndrivenRun {
  /** When the newest entry of the journal was written, RFC 3339. */
  readonly journalAt: string;
  readonly deadMan: 'watching' | 'reverting' | 'reverted' | 'gone' | 'unknown';
  /**
   * When a dead-man that watches puts everything back, RFC 3339: later than the deadline, so that
   * a confirm in the last moment can still be carried out.
   */
  readonly revertsAt?: string;
  /** Why it cannot be told; absent where it can. */
  readonly why?: string;
  /** What the dead-man left of each state; absent before it is done. */
  readonly found?: readonly {
    readonly state: string;
    readonly at: 'before' | 'foreign' | 'unknown';
  }[];
}
