/** What a metric measures, as far as its name and unit say. */
export interface MetricKind {
  readonly kind: 'cpu' | 'memory' | 'errors' | 'availability' | 'latency' | 'other';
  readonly weight: number;
  /** The direction in which it speaks of trouble. */
  readonly direction: 'up' | 'down' | 'both';
  /** How far beyond the normal it is counts in full at this many, or relative to the normal. */
  readonly scale: 'ratio' | 'cores' | 'relative';
}

const RATIO_UNIT = /^(1|%|percent|ratio)$/i;
const RATIO_NAME = /utili[sz]ation|ratio|percent|_pct\b/i;

/** In the order in which they are tried; names of CPU limits are about CPU. */
const NAMES: readonly (readonly [RegExp, Pick<MetricKind, 'kind' | 'weight' | 'direction'>])[] = [
  [/cpu/i, { kind: 'cpu', weight: 1, direction: 'up' }],
  [/mem|heap|\brss\b/i, { kind: 'memory', weight: 1, direction: 'up' }],
  [/availab|success|\bup$/i, { kind: 'availability', weight: 0.8, direction: 'down' }],
  [/error|fail|fault|5xx|exception|timeout/i, { kind: 'errors', weight: 0.8, direction: 'up' }],
  [
    /latency|duration|response.?time|\brtt\b|delay|\bp\d{2}\b|quantile/i,
    { kind: 'latency', weight: 0.6, direction: 'up' },
  ],
];

/** Tells what a metric measures. */
export function metricKind(name: string, unit: string): MetricKind {
  const found = NAMES.find(([pattern]) => pattern.test(name))?.[1];
  const isRatio = RATIO_UNIT.test(unit) || (unit === '' && RATIO_NAME.test(name));
  if (found === undefined)
    return { kind: 'other', weight: 0.1, direction: 'both', scale: 'relative' };
  if (found.kind === 'cpu' || found.kind === 'memory') {
    const isCores = found.kind === 'cpu' && !isRatio && /^\{?(cpu|core)s?\}?$/i.test(unit);
    return { ...found, scale: isRatio ? 'ratio' : isCores ? 'cores' : 'relative' };
  }
  return { ...found, scale: 'relative' };
}
