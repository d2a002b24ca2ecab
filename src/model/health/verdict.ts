/** A judgement now; no data is `inconclusive`, never healthy. */
export type Verdict = 'healthy' | 'degraded' | 'failed' | 'inconclusive';

/** What one health check said once. `unknown`: it could not be asked or had no data. */
export type ProbeColor = 'green' | 'red' | 'unknown';

/** One answer of one check; checks are named `<component>: GET http://…` or `trigger <name>`. */
export interface ProbeSample {
  readonly check: string;
  readonly component: string;
  readonly color: ProbeColor;
  /** What was seen, one sentence. */
  readonly seen: string;
}

/** The worst of several samples, as a verdict of the whole. */
export function verdictOf(samples: readonly ProbeSample[]): Verdict {
  if (samples.length === 0) return 'inconclusive';
  if (samples.every((sample) => sample.color === 'red')) return 'failed';
  if (samples.some((sample) => sample.color === 'red')) return 'degraded';
  return samples.some((sample) => sample.color === 'unknown') ? 'inconclusive' : 'healthy';
}
