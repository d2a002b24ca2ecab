import { renameSync, writeFileSync } from 'node:fs';
import { withRoomNow } from '../base/disk-full.ts';
import type { ApiServer } from '../api/server/start-server.ts';
import type { Principal } from '../model/access/principal.ts';
import { hostProblems } from './host/hosts.ts';
import type { Serving } from './serving.ts';
import type { StartedCore } from './start-core.ts';

/** Says where the daemon is to be found: to commands by a file, to people by what `up` prints. */
export function announce(
  { options, stores, folder, live }: Serving,
  { core }: StartedCore,
  server: ApiServer,
  admin: Principal,
): void {
  // Renamed into place: a command must never read half of it.
  const fresh = `${folder.daemon}.new`;
  const { pid } = process;
  const text = `${JSON.stringify({ pid, url: server.url, startedAt: core.startedAt })}\n`;
  withRoomNow(stores.disk, () => writeFileSync(fresh, text, { mode: 0o600 }));
  renameSync(fresh, folder.daemon);
  options.note(`configuration  ${live.loaded.file ?? 'none found: the defaults apply'}`);
  options.note(`data           ${folder.root}`);
  options.note(
    stores.isNewKey
      ? `key            ${folder.key} (new; nothing here can be read without it: keep a copy)`
      : `key            ${folder.key}`,
  );
  const problems = [...core.warnings(), ...hostProblems(core.hosts())];
  for (const { what, mend } of problems) options.note(`warning        ${what}: ${mend}`);
  options.note(`sign in once   ${server.signInLink(admin)}`);
  if ((options.env['SSH_CONNECTION'] ?? '') !== '' && (options.env['DISPLAY'] ?? '') === '') {
    options.note(`from afar      ssh -L ${server.port}:127.0.0.1:${server.port} <this host>`);
  }
  options.say(`ready ${server.url}`);
}
