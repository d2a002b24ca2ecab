/** Whether every write by lastgood is stopped, as it is shown. */
export interface HoldView {
  readonly on: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly since?: string;
  /** Runs whose revert timers are still armed. */
  readonly armed: readonly string[];
}
