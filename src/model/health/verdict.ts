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
  /** What it asks depends on others than us. */
  readonly external?: true;
}

/**
 * The worst of several samples, as a verdict of the whole. What is red outside says nothing about
 * us: it is left out, and where nothing else is there nobody can tell.
 */
export function verdictOf(all: readonly ProbeSample[]): Verdict {
  const samples = all.filter(({ color, external }) => color !== 'red' || external !== true);
  if (samples.length === 0) return 'inconclusive';
  if (samples.every((sample) => sample.color === 'red')) return 'failed';
  if (samples.some((sample) => sample.color === 'red')) return 'degraded';
  return samples.some((sample) => sample.color === 'unknown') ? 'inconclusive' : 'healthy';
}
