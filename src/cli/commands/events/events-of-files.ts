import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { ROUTES, timelineFilterOf } from '../../../api/contract.ts';
import { hasCalls, overlayOfFiles } from '../../offline/align-files.ts';
import { dataFiles } from '../../offline/data-files.ts';
import { fileInventory } from '../../offline/file-inventory.ts';
import { FileTimeline } from '../../offline/file-timeline.ts';
import { readData } from '../../offline/read-data.ts';
import { refuseInVain, tellFiles } from '../../offline/tell-files.ts';
import type { Invocation } from '../../invocation.ts';
import type { EventFilter } from './newest-records.ts';

/** One timeline of files of any mix of formats, oldest first; no daemon takes part. */
export async function eventsOfFiles(
  paths: readonly string[],
  filter: EventFilter,
  limit: number | undefined,
  invocation: Invocation,
): Promise<readonly TimelineRecord[]> {
  const { limit: _limit, order: _order, ...checked } = ROUTES.timeline.input.parse(filter);
  const timeline = new FileTimeline(timelineFilterOf(checked));
  const calls: RecordBatch[] = [];
  const take = (batch: RecordBatch): void => {
    timeline.add(batch);
    // What is not shown may still tell how the clocks of what is shown stand.
    if (hasCalls(batch)) calls.push(batch);
  };
  const { resolve } = await fileInventory(invocation);
  const read = await readData(dataFiles(paths), take, invocation.signal, resolve);
  tellFiles(read, invocation.screen);
  refuseInVain(read);
  return [...timeline.records(overlayOfFiles(calls), limit)];
}
