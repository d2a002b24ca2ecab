/**
 * The log-likelihood ratio of two proportions against one, in nats: how much better "k1 of n1 and
 * k2 of n2 differ" explains the counts than "both are alike" (Dunning 1993, without the factor 2).
 */
export function likelihoodRatio(k1: number, n1: number, k2: number, n2: number): number {
  const ratio = likelihood(k1, n1) + likelihood(k2, n2) - likelihood(k1 + k2, n1 + n2);
  return Math.max(0, ratio);
}

/** ln of the greatest likelihood of k in n. */
function likelihood(k: number, n: number): number {
  const part = (count: number): number => (count <= 0 ? 0 : count * Math.log(count / n));
  return n <= 0 ? 0 : part(Math.min(k, n)) + part(n - Math.min(k, n));
}

/** Nats at which confidence reaches 1 - 1/e; measured, anything from 3 to 12 works. */
const CONFIDENCE_NATS = 6;

/** Confidence 0..1 of a likelihood ratio. */
export function confidence(nats: number): number {
  return 1 - Math.exp(-nats / CONFIDENCE_NATS);
}

/** A smaller ratio is noise: a rise must be 20 times likelier than none. */
const NATS_MIN = 3;

/** A baseline too thin to know counts as at least this many good ones. */
const BASELINE_MIN = 2;

/** A share that rises by this much is half of the worst that can be: few errors matter already. */
const RISE_HALF = 0.1;

/** How bad it is that a share rose from k1 of n1 to k2 of n2: 0 when it did not, up to 1. */
export function riseScore(k1: number, n1: number, k2: number, n2: number): number {
  if (n2 <= 0 || k2 <= 0) return 0;
  const before = k1 / Math.max(n1, BASELINE_MIN);
  const rise = Math.min(1, k2 / n2) - before;
  const nats = likelihoodRatio(k1, Math.max(n1, BASELINE_MIN), k2, n2);
  if (rise <= 0 || nats < NATS_MIN) return 0;
  return (confidence(nats) * rise) / (rise + RISE_HALF);
}

/** Joins independent findings: the chance that at least one of them is right. */
export function noisyOr(scores: readonly number[]): number {
  return 1 - scores.reduce((rest, score) => rest * (1 - score), 1);
}
