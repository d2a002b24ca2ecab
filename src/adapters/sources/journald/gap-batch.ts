import { toRfc3339, type TimeNs } from '../../../base/time.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import { sourceGap, type GapOrigin } from '../../../model/record/source-gap.ts';
import { cursorTime, entriesBetween } from './journal-position.ts';

/** The record of entries that were removed from the journal before they were read. */
export function gapBatch(
  origin: GapOrigin,
  before: string,
  after: string,
  observedNs: TimeNs,
): RecordBatch {
  const [from, to] = [cursorTime(before), cursorTime(after)];
  const lost = entriesBetween(before, after);
  const words = [
    'entries of the journal were removed before they were read',
    from === undefined || to === undefined ? '' : `: ${toRfc3339(from)} to ${toRfc3339(to)}`,
    lost === undefined ? '' : `, at most ${lost} entries`,
  ];
  return sourceGap(origin, {
    body: words.join(''),
    timeNs: to,
    observedNs,
    attributes: {
      'telemetry.gap.from': from && toRfc3339(from),
      'telemetry.gap.to': to && toRfc3339(to),
      'telemetry.gap.records_max': lost,
    },
  });
}
