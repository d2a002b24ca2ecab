import { counted } from '../../../base/counted.ts';
import { NO_OVERLAY } from '../../../model/evidence/clock-overlay.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { ROUTES, timelineFilterOf } from '../../../api/contract.ts';
import { dataFiles } from '../../offline/data-files.ts';
import { FileTimeline } from '../../offline/file-timeline.ts';
import { readData, type ReadFile } from '../../offline/read-data.ts';
import type { Invocation } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless } from '../../screen/paint.ts';
import type { EventFilter } from './newest-records.ts';

/** One timeline of files of any mix of formats, oldest first; no daemon takes part. */
export async function eventsOfFiles(
  paths: readonly string[],
  filter: EventFilter,
  limit: number | undefined,
  { screen, signal }: Invocation,
): Promise<readonly TimelineRecord[]> {
  const { limit: _limit, order: _order, ...checked } = ROUTES.timeline.input.parse(filter);
  const timeline = new FileTimeline(timelineFilterOf(checked));
  const read = await readData(dataFiles(paths), (batch) => timeline.add(batch), signal);
  tellFiles(read, screen);
  return [...timeline.records(NO_OVERLAY, limit)];
}

/** Says what each file was taken for, and what of it was none of that. */
export function tellFiles(read: readonly ReadFile[], screen: Screen): void {
  for (const { path, format, records, rejects, firstReject } of read) {
    if (format === undefined) {
      screen.note(`${path}: passed over; binary, of no known format`);
      continue;
    }
    const lost =
      rejects === 0
        ? ''
        : `, ${counted(rejects, 'reject')} (the first: ${harmless(firstReject ?? '')})`;
    screen.note(`${path}: ${format}, ${counted(records, 'record')}${lost}`);
  }
}
