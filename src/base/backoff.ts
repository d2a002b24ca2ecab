/** The first pause before something is tried again, and the longest, milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** How long to wait after so many failures in a row before this one: each time twice as long. */
export function backoffMs(failures: number, { firstMs, mostMs }: Backoff): number {
  // Beyond ten doublings every limit is reached, and numbers stay exact.
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures, 10));
}
