import type { SourceStatus } from '../../model/evidence/store-status.ts';
import { counter, gauge, labels } from './metric-family.ts';

/** The numbers of a source that need no further label. */
const COUNTERS = [
  ['received', 'received_records', 'Records taken for good: stored, repeated or left out by rules'],
  ['records', 'records', 'Records stored'],
  ['repeated', 'repeated_records', 'Records whose log.record.uid was stored before'],
  ['rejects', 'rejects', 'Inputs that could not be normalized'],
  ['refused', 'refused', 'Requests and batches that found no room and come again'],
] as const satisfies readonly (readonly [keyof SourceStatus, string, string])[];

/** What becomes of records, by source, as Prometheus text. */
export function sourceMetrics(sources: readonly SourceStatus[]): readonly string[] {
  return [
    ...COUNTERS.flatMap(([member, name, help]) =>
      counter(
        `lastgood_source_${name}_total`,
        `${help}, by source.`,
        sources.map((source) => [labels({ source: source.id }), source[member]]),
      ),
    ),
    ...counter(
      'lastgood_source_left_out_records_total',
      'Records that a rule left out, by source and rule.',
      sources.flatMap(({ id, rules }) =>
        rules.map((rule): [string, number] => [
          labels({ source: id, rule: rule.name, do: rule.do }),
          rule.leftOut,
        ]),
      ),
    ),
    ...counter(
      'lastgood_source_shed_records_total',
      'Records shed by declared policy, by source and reason.',
      sources.flatMap(({ id, shedBy }) =>
        shedBy.map(({ why, records }): [string, number] => [
          labels({ source: id, reason: why }),
          records,
        ]),
      ),
    ),
    ...counter(
      'lastgood_source_gaps_total',
      'Losses that were seen and told, by source.',
      sources.map(({ id, gaps = 0 }) => [labels({ source: id }), gaps]),
    ),
    ...gauge(
      'lastgood_source_lag_seconds',
      'Age of the oldest batch that is taken and not durable yet, by source.',
      sources.map(({ id, lagMs }) => [labels({ source: id }), lagMs / 1_000]),
    ),
    ...gauge(
      'lastgood_source_backlog_bytes',
      'Bytes that wait to be read or stored, by source.',
      sources.flatMap(({ id, backlogBytes }): [string, number][] =>
        backlogBytes === undefined ? [] : [[labels({ source: id }), backlogBytes]],
      ),
    ),
  ];
}
