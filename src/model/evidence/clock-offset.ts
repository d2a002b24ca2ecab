/** A clock's distance from ours with its error interval, nanoseconds. */
export interface ClockOffset {
  readonly clock: string;
  readonly offsetNs: number;
  readonly boundNs?: number;
  readonly method: string;
}
