import { NO_OVERLAY } from '../../../model/evidence/clock-overlay.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { ROUTES, timelineFilterOf } from '../../../api/contract.ts';
import { dataFiles } from '../../offline/data-files.ts';
import { FileTimeline } from '../../offline/file-timeline.ts';
import { readData } from '../../offline/read-data.ts';
import { tellFiles } from '../../offline/tell-files.ts';
import type { Invocation } from '../../invocation.ts';
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
