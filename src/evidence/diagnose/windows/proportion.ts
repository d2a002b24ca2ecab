/**
 * How much better two shares are explained as two than as one: the logarithm of the likelihood
 * ratio of `k1` in `n1` and `k2` in `n2`, in nats (Wilks 1938). 0 where nothing can be said.
 */
export function likelihoodGain(k1: number, n1: number, k2: number, n2: number): number {
  if (n1 <= 0 || n2 <= 0) return 0;
  const apart = logLikelihood(k1, n1) + logLikelihood(k2, n2);
  return Math.max(0, apart - logLikelihood(k1 + k2, n1 + n2));
}

function logLikelihood(k: number, n: number): number {
  const hits = k <= 0 ? 0 : k * Math.log(k / n);
  return k >= n ? hits : hits + (n - k) * Math.log((n - k) / n);
}

/** Nats that make a difference two thirds certain. */
const GAIN_SCALE = 6;

/** How sure a gain makes: 0..1. */
export function confidence(gain: number): number {
  return 1 - Math.exp(-gain / GAIN_SCALE);
}

/** The value that a share `q` of the sorted values lies under; undefined of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number | undefined {
  if (sorted.length === 0) return undefined;
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

/** The middle of the sorted values; of an even count the mean of the two. */
export function median(sorted: ArrayLike<number>): number | undefined {
  const half = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The values in ascending order, in new memory. */
export function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
