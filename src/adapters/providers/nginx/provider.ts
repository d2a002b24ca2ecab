import { loadedProvider } from '../../../local-provider/loaded-files/loaded-provider.ts';
import { nginxSpec, type NginxSpec } from './nginx-spec.ts';

/**
 * The files of an nginx and whether it works with them. It checks files itself (`nginx -t`) before
 * they are loaded; that an upstream is dead is no matter of files, so health checks judge that.
 */
export const nginxProvider = loadedProvider<NginxSpec>('nginx', nginxSpec, {
  signals: { reload: 'SIGHUP', stop: 'SIGQUIT' },
  check: ({ program, config, prefix }) => [
    program,
    ...(prefix === undefined ? [] : ['-p', prefix]),
    '-t',
    '-q',
    '-c',
    config,
  ],
});
