import { z } from 'zod';
import { layeredParts } from '../../../local-provider/layered/layered-spec.ts';

/** Names of sysctl(8): a slash stands for a dot within a part, as in `eth0/100`. */
const NAME = /^[\w*][\w.*/:@-]*$/;

/** The settings of the provider `sysctl`. */
export const sysctlSpec = z.strictObject({
  keys: z
    .array(
      z
        .string()
        .max(300)
        .regex(NAME, 'write a name such as net.ipv4.ip_forward, or net.ipv4.conf.*.rp_filter'),
    )
    .min(1)
    .max(1_000)
    .describe(
      'Kernel settings by their names, such as `net.ipv4.ip_forward`; `*` stands for any ' +
        'characters. Those of the network are the ones of the namespace of the host runner.',
    ),
  ...layeredParts(
    ['/etc/sysctl.conf', '/etc/sysctl.d'],
    ' Those named `*.conf` count, by the order of their names; files that are named here ' +
      'themselves come last.',
  ),
});

/** As parsed. */
export type SysctlSpec = z.output<typeof sysctlSpec>;
