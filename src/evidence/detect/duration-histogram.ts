/** Linear steps within one power of two: the midpoint of a bucket is at most 1/32 off (3.1 %). */
const STEPS = 16;

/** Powers of two of a microsecond that are told apart; the last one begins at 12 days. */
const OCTAVES = 41;

/** How many buckets a duration histogram has. */
export const DURATION_BUCKETS = STEPS * OCTAVES;

/**
 * The bucket of a duration: log-linear, as HdrHistogram and VictoriaMetrics do it, from one
 * microsecond on. Shorter durations count as one microsecond, longer than the last bucket as that.
 */
export function durationBucket(ms: number): number {
  const us = Math.max(1, ms * 1000);
  const octave = Math.floor(Math.log2(us));
  if (octave >= OCTAVES) return DURATION_BUCKETS - 1;
  const step = Math.floor((us / 2 ** octave - 1) * STEPS);
  // The logarithm of a value just under a power of two may round up to it.
  return octave * STEPS + Math.min(STEPS - 1, Math.max(0, step));
}

/** The middle of a bucket in milliseconds. */
export function bucketMiddleMs(bucket: number): number {
  const octave = Math.floor(bucket / STEPS);
  const step = bucket % STEPS;
  return (2 ** octave * (1 + (step + 0.5) / STEPS)) / 1000;
}

/**
 * The quantile `q` (nearest rank) of counted durations in milliseconds, within 3.1 %; undefined
 * when nothing was counted.
 */
export function histogramQuantile(counts: Uint32Array, q: number): number | undefined {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return undefined;
  let rest = Math.max(1, Math.ceil(q * total));
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    rest -= counts[bucket] ?? 0;
    if (rest <= 0) return bucketMiddleMs(bucket);
  }
  return bucketMiddleMs(counts.length - 1);
}
