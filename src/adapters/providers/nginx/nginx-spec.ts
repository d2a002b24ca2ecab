import { z } from 'zod';
import { loadedParts } from '../../../local-provider/loaded-files/loaded-spec.ts';
import { absolutePath } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `nginx`. */
export const nginxSpec = z.strictObject({
  ...loadedParts({
    name: 'nginx',
    folder: '/etc/nginx',
    pidFile: '/run/nginx.pid',
    reload: 'SIGHUP to its main process',
  }),
  config: absolutePath
    .default('/etc/nginx/nginx.conf')
    .describe('The file it is started with; what it includes must lie under `paths`, too.'),
  prefix: absolutePath
    .optional()
    .describe('The folder that relative paths begin at, as its option -p; absent: its own.'),
});

/** As parsed. */
export type NginxSpec = z.output<typeof nginxSpec>;
