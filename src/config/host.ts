import { z } from 'zod';
import { name } from './values.ts';

/** More runners than a machine has network namespaces worth watching. */
const HOSTS_MAX = 256;

const host = z.strictObject({
  name: name.describe('What `host` of a component says; the runner is started with --name.'),
  socket: z
    .string()
    .regex(/^\/[^\0]+\.sock$/, 'write the absolute path of a socket, as /run/lastgood/fw.sock')
    .describe('Where its runner listens; the secret lies beside it.'),
});

/** Further host runners of this machine, such as one in each network namespace. */
export const hosts = z
  .array(host)
  .max(HOSTS_MAX)
  .default([])
  .describe(
    'Host runners beside the one of this machine, each a `lastgood host --name …` of its own.',
  );
