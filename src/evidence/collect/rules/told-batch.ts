import { canonicalJson } from '../../../base/canonical-json.ts';
import { timeNs, toRfc3339, type TimeNs } from '../../../base/time.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../../model/record/record-batch.ts';
import type { SourceRule } from '../../../model/evidence/source-rule.ts';
import type { AppliedRule } from './applied-rule.ts';
import type { Tally } from './tally.ts';

/** What a rule has left out and has to tell. */
export interface Untold {
  readonly by: AppliedRule;
  readonly tally: Tally;
}

/** The records that stand for what rules left out; each looks like the newest of its kind. */
export function toldBatch(
  source: string,
  untold: readonly Untold[],
  observedNs: TimeNs,
): RecordBatch {
  const builder = new RecordBatchBuilder(untold.length);
  for (const { by, tally } of untold) {
    const { rule } = by;
    const { sample, records, firstNs, lastNs } = tally;
    if (sample === undefined) continue;
    builder.add({
      ...sample,
      source,
      timeNs: lastNs,
      observedNs,
      body: `${words(rule, records)}: ${sample.body}`,
      attributes: canonicalJson({
        'lastgood.rule.name': rule.name,
        'lastgood.rule.do': rule.do,
        'lastgood.rule.records': records,
        'lastgood.rule.first_time': toRfc3339(timeNs(firstNs)),
        'lastgood.rule.last_time': toRfc3339(timeNs(lastNs)),
      }),
    });
  }
  return builder.build();
}

function words(rule: SourceRule, records: number): string {
  const times = records === 1 ? 'once' : `${records} times`;
  const these = records === 1 ? '1 record' : `${records} records`;
  return rule.do === 'dedupe'
    ? `repeated ${times} more`
    : `${these} counted by the rule ${rule.name}`;
}
