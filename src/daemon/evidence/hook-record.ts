import { z } from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { ResolveEntity } from '../../model/component/entity.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';

/** Records that come by the API rather than by a source, as they cross the bus. */
export const hookRecords = z.array(
  z.object({
    kind: z.enum(['alert', 'event']),
    source: z.string(),
    severity: z.number(),
    /** Whom it is about: `service.name`, `host.name`. */
    resource: z.record(z.string(), z.string()),
    eventName: z.string().exactOptional(),
    body: z.string(),
    attributes: z.record(z.string(), z.union([z.string(), z.boolean()])),
    /** RFC 3339; absent where the sender gave none. */
    time: z.string().exactOptional(),
  }),
);

/** One of them. */
export type HookRecord = z.output<typeof hookRecords>[number];

/** The columns of such records. */
export function hookBatch(
  records: readonly HookRecord[],
  observedNs: TimeNs,
  resolve: ResolveEntity,
): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const record of records) {
    const { resource, attributes } = record;
    const uid = attributes['log.record.uid'];
    builder.add({
      kind: record.kind,
      source: record.source,
      severity: record.severity,
      ...resolve(resource),
      // The stamps are of the system that tells, not of what it tells about.
      clock: `service:${record.source}`,
      eventName: record.eventName,
      body: record.body,
      attributes: canonicalJson(attributes),
      resource: canonicalJson(resource),
      timeNs: record.time === undefined ? undefined : parseRfc3339(record.time),
      observedNs,
      // Senders repeat what we did not answer in time: it is one record all the same.
      ...(typeof uid === 'string' ? { uid } : {}),
    });
  }
  return builder.build();
}
