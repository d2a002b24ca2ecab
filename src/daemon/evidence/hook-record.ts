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
    /** The machine it is about, where the sender names one. */
    host: z.string().exactOptional(),
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
export function hookBatch(records: readonly HookRecord[], observedNs: TimeNs): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const record of records) {
    const { component, host, attributes } = record;
    const uid = attributes['log.record.uid'];
    const named = host === undefined ? {} : { 'host.name': host };
    builder.add({
      kind: record.kind,
      source: record.source,
      severity: record.severity,
      component,
      service: component,
      host,
      clock: `service:${record.source}`,
      eventName: record.eventName,
      body: record.body,
      attributes: canonicalJson(attributes),
      resource: canonicalJson({ 'service.name': component, ...named }),
      timeNs: record.time === undefined ? undefined : parseRfc3339(record.time),
      observedNs,
      // Senders repeat what we did not answer in time: it is one record all the same.
      ...(typeof uid === 'string' ? { uid } : {}),
    });
  }
  return builder.build();
}
