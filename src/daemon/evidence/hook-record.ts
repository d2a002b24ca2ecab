import { z } from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record-batch.ts';

/** Records that come by the API rather than by a source, as they cross the bus. */
export const hookRecords = z.array(
  z.object({
    kind: z.enum(['alert', 'event']),
    source: z.string(),
    severity: z.number(),
    component: z.string(),
    eventName: z.string().exactOptional(),
    body: z.string(),
    attributes: z.record(z.string(), z.string()),
    /** RFC 3339; absent where the sender gave none. */
    time: z.string().exactOptional(),
  }),
);

/** One of them. */
export type HookRecord = z.output<typeof hookRecords>[number];

/** The columns of such records. */
export function hookBatch(records: readonly HookRecord[], observedNs: TimeNs): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const record of records) {
    builder.add({
      kind: record.kind,
      source: record.source,
      severity: record.severity,
      component: record.component,
      eventName: record.eventName,
      body: record.body,
      attributes: canonicalJson(record.attributes),
      resource: canonicalJson({ 'service.name': record.component }),
      timeNs: record.time === undefined ? undefined : parseRfc3339(record.time),
      observedNs,
    });
  }
  return builder.build();
}
