import { z } from 'zod';
import { layeredParts } from '../../../local-provider/layered/layered-spec.ts';

/** Families of nft(8), and a name in which `*` stands for any characters. */
const TABLE = /^(ip|ip6|inet|arp|bridge|netdev) [\w./*-]+$/;

/** A table, and one of its sets or maps. */
const SET = /^(ip|ip6|inet|arp|bridge|netdev) [\w./*-]+ [\w./*-]+$/;

/** The settings of the provider `nftables`. */
export const nftablesSpec = z.strictObject({
  tables: z
    .array(z.string().max(200).regex(TABLE, 'write family and name, such as "inet filter"'))
    .min(1)
    .max(100)
    .describe(
      'The tables that are the state, by family and name, such as `inet filter`; `*` in a name ' +
        'stands for any characters. No other table is ever touched.',
    ),
  passing: z
    .array(z.string().max(300).regex(SET, 'write family, table and set: "inet filter banned"'))
    .max(1_000)
    .default([])
    .describe(
      'Sets and maps whose elements come and go by themselves, such as `inet filter banned` of ' +
        'fail2ban: left out, and kept over a restore. Dynamic sets always are.',
    ),
  secret: z
    .boolean()
    .default(false)
    .describe('Whether no diff may show what the tables hold, only that they changed.'),
  ...layeredParts(['/etc/nftables.conf'], ' The first one is what is loaded then.'),
});

/** As parsed. */
export type NftablesSpec = z.output<typeof nftablesSpec>;
