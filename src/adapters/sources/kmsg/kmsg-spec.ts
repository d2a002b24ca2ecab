import { z } from 'zod';
import { duration } from '../../../base/duration-schema.ts';

/** The settings of a `kmsg` source. */
export const kmsgSpecSchema = z.strictObject({
  since: duration
    .prefault('1h')
    .describe('How far back the first start reads; later ones go on where the last one stood.'),
  besideJournal: z
    .boolean()
    .default(false)
    .describe(
      'Whether it is read although a `journald` source tells what the kernel says; only where ' +
        'journald does not read it (`ReadKMsg=no`), or each message comes twice.',
    ),
});

/** As parsed. */
export type KmsgSpec = z.output<typeof kmsgSpecSchema>;
