import { shellQuote } from '../../../base/shell-quote.ts';
import { loadedProvider } from '../../../local-provider/loaded-files/loaded-provider.ts';
import { haproxySpec, type HaproxySpec } from './haproxy-spec.ts';
import { readServers, setServers } from './admin-socket.ts';
import { adminCommands, hasOtherServers, serverWords } from './servers.ts';

/**
 * The files of an haproxy, whether it works with them, and how its servers are set by its admin
 * socket. It checks files itself (`haproxy -c`) before they are loaded; a dead server passes that,
 * so health checks judge it.
 */
export const haproxyProvider = loadedProvider<HaproxySpec>('haproxy', haproxySpec, {
  signals: { reload: 'SIGUSR2', stop: 'SIGUSR1' },
  check: ({ program, config }) => [program, '-c', ...config.flatMap((path) => ['-f', path])],
  settings: {
    read: readServers,
    needsLoad: hasOtherServers,
    commands: ({ socket }, now, desired) =>
      socket === undefined
        ? []
        : adminCommands(now, desired).map((line) => shellLine(line, socket)),
    set: setServers,
    words: serverWords,
  },
});

function shellLine(line: string, socket: string): string {
  return `echo ${shellQuote(line)} | socat - ${shellQuote(socket)}`;
}
