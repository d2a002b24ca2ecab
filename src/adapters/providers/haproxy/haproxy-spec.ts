import { z } from 'zod';
import { loadedParts } from '../../../local-provider/loaded-files/loaded-spec.ts';
import { absolutePath } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `haproxy`. */
export const haproxySpec = z.strictObject({
  ...loadedParts({
    name: 'haproxy',
    folder: '/etc/haproxy',
    pidFile: '/run/haproxy.pid',
    reload: 'SIGUSR2 to its master, which it must have been started with (-W)',
  }),
  config: z
    .array(absolutePath)
    .min(1)
    .max(100)
    .default(['/etc/haproxy/haproxy.cfg'])
    .describe('The files and folders it is started with, as its option -f, in order.'),
  socket: absolutePath
    .optional()
    .describe(
      'Its socket of level admin; with it, address, weight and state of servers are captured.',
    ),
});

/** As parsed. */
export type HaproxySpec = z.output<typeof haproxySpec>;
