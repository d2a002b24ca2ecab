import type { ApiClient, CallInput } from '../../../api/client.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';

/** What restricts the timeline, as the API takes it. */
export type EventFilter = Omit<CallInput<'timeline'>, 'limit' | 'order' | 'cursor'>;

const PAGE = 1000;

/** The newest `limit` records, oldest first. */
export async function newestRecords(
  daemon: ApiClient,
  filter: EventFilter,
  limit: number,
  signal: AbortSignal,
): Promise<readonly TimelineRecord[]> {
  const records: TimelineRecord[] = [];
  const ask = { ...filter, limit: Math.min(limit, PAGE), order: 'newest' } as const;
  for await (const record of daemon.timeline(ask, { signal })) {
    records.push(record);
    if (records.length === limit) break;
  }
  return records.toReversed();
}
