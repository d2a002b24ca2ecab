import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import { waitUntil } from '../stage/wait-until.ts';

const startTimeoutMs = 5_000;

/** The pages of lastgood on this machine's own loopback, for a browser. */
export const window: Part = {
  name: 'window',
  summary: "lastgood's pages for a browser: a port of this machine that leads into the stage",
  needs: ['namespaces', 'lastgood'],
  programs: [
    { command: 'socat', debianPackage: 'socat' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const port = await stage.hostPort('ui');
    // Each connection gets a socat inside the data center. A colon ends a word of socat's own.
    const address = String.raw`TCP\:127.0.0.1\:7433`;
    const inside = `ip netns exec ${stage.namespace('dc')} socat STDIO ${address}`;
    await stage.launch({
      name: 'window',
      command: ['socat', `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `EXEC:${inside}`],
    });
    await waitUntil('the pages answer', startTimeoutMs, () => window.check(stage));
  },
  check: async (stage) => {
    const url = `http://127.0.0.1:${await stage.hostPort('ui')}`;
    const page = await stage.run(['curl', '-sS', '-m', '5', url]);
    if (!page.includes('<html'))
      throw new LabFailure(`${url} shows no page: ${page.slice(0, 200)}`);
    return `${url}${signIn(stage)}`;
  },
};

/** The link that works once, as the daemon printed it when it started. */
function signIn({ folder }: Stage): string {
  const log = readFileSync(join(folder, 'lastgood', 'daemon.log'), 'utf8');
  return /sign in once +http:\/\/[^/]+(\/\S+)/.exec(log)?.[1] ?? '';
}
