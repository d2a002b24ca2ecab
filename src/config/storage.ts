import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { RECORD_KINDS } from '../model/record/timeline-record.ts';
import { diskSize, keepingTime, reserveSize } from './values.ts';

const oneOrMany = <Value>(one: z.ZodType<Value, Value>) =>
  z
    .union([one, z.array(one).min(1).max(1000)])
    .transform((value): readonly Value[] => (Array.isArray(value) ? value : [value]));

const keep = z
  .strictObject({
    kind: oneOrMany(z.enum(RECORD_KINDS))
      .optional()
      .describe('Records of this kind, or of these; absent: of any.'),
    component: oneOrMany(z.string().min(1))
      .optional()
      .describe('Records of this component, or of these, as records name it; absent: of any.'),
    for: keepingTime.describe('How long they stay after they arrived.'),
  })
  .refine(
    ({ kind, component }) => kind !== undefined || component !== undefined,
    'name a kind or a component; the time of everything else is storage.retention',
  );

/** How evidence is stored, and for how long. */
export const storage = z
  .strictObject({
    retention: keepingTime.prefault('30d').describe('How long evidence stays after it arrived.'),
    keep: z
      .array(keep)
      .max(100)
      .prefault([])
      .describe('Other times for some evidence; the first entry that matches a record decides.'),
    maxBytes: diskSize
      .optional()
      .describe(
        'Size of segments and log; above it the oldest evidence goes, what is referred to last. ' +
          'Absent: no limit.',
      ),
    recoveryReserve: reserveSize
      .prefault('64MiB')
      .describe(
        'Room set aside in the data directory, so that a rollback can be done on a full disk: at ' +
          'most an eighth of the disk. Evidence is refused while less than an eighth of it is ' +
          'free beside it (8MiB of 64MiB). false: none.',
      ),
    sealEvery: duration
      .prefault('5m')
      .describe('Records this old are sealed into a segment; until then they are in the log.'),
    memory: z.int().min(64).max(65_536).default(256).describe('Memory of the query engine in MiB.'),
    uidWindow: duration
      .prefault('24h')
      .describe('How long a log.record.uid is remembered, so that a repeat is stored once.'),
  })
  .prefault({})
  .describe('How evidence is stored, and for how long.');
