import { z } from 'zod';
import { PASSING_LINKS } from '../../../model/component/passing-links.ts';

/** The settings of a `netlink` source. */
export const netlinkSpecSchema = z.strictObject({
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use the name that ip netns list prints')
    .optional()
    .describe('A named network namespace (`ip netns`); absent: the one the daemon runs in.'),
  host: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use a name of hosts')
    .optional()
    .describe('One of `hosts`, whose runner listens in its place; absent: the daemon does.'),
  component: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('The component of all records; absent: the host, by its name.'),
  // Each container brings an interface and takes it away, and changes nothing of the host by it.
  exclude: z
    .array(z.string().min(1).max(64))
    .max(64)
    .default([...PASSING_LINKS])
    .describe('Interfaces of which nothing is told, `*` standing for any characters.'),
});

/** As parsed. */
export type NetlinkSpec = z.infer<typeof netlinkSpecSchema>;
