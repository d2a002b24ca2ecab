import { resolve } from 'node:path';
import type { LastgoodError } from '../../base/error.ts';
import { unwrap } from '../../base/result.ts';
import { toSecond } from '../../base/time.ts';
import { defaultDataRoot } from '../../config/data-folder.ts';
import type { CallAnswer } from '../../api/client.ts';
import { addExamples } from '../example.ts';
import type { AddCommand, Invocation } from '../invocation.ts';
import type { Screen } from '../screen/screen.ts';
import { namedDaemon } from '../remote/named-daemon.ts';
import { remoteDaemon } from '../remote/remote-daemon.ts';

interface KeyOptions {
  readonly keyFile?: string;
}

type Summary = CallAnswer<'backupCreate'>;

/** `lastgood backup …`: the whole data directory, consistent while the daemon runs. */
export const addBackup: AddCommand = (program, bind) => {
  const backup = program.command('backup').description('the whole data directory');
  addExamples(backup.command('create <dir>'), ['backup create /mnt/backup/monday'])
    .description('back up into a new or empty folder, also while the daemon runs')
    .action(
      bind(async (invocation, _own: object, [dir = '']) => {
        const made = await create(invocation, resolve(dir));
        show(made, invocation.screen, 'backed up');
        if (made.keyFile !== undefined) {
          const words = 'it opens the backup, so keep it somewhere else';
          invocation.screen.out(`copy of the key: ${made.keyFile}; ${words}`);
        }
        return 0;
      }),
    );
  addExamples(backup.command('verify <dir>'), ['backup verify /mnt/backup/monday'])
    .description('re-read every byte of a backup and compare')
    .option('--key-file <file>', 'its key, when it does not lie beside it')
    .action(
      bind(async (invocation, own: KeyOptions, [dir = '']) => {
        const { verifyOffline } = await import('../../daemon/offline/offline-backup.ts');
        const found = unwrap(await verifyOffline(askedOf(invocation, resolve(dir), own)));
        show(found, invocation.screen, 'whole and unaltered');
        return 0;
      }),
    );
  addExamples(backup.command('restore <dir>'), [
    'backup restore /mnt/backup/monday --data /var/lib/lastgood-new',
  ])
    .description('write a backup out as a new data directory, named by --data')
    .option('--key-file <file>', 'its key, when it does not lie beside it')
    .action(
      bind(async (invocation, own: KeyOptions, [dir = '']) => {
        const { restoreOffline } = await import('../../daemon/offline/offline-backup.ts');
        const asked = askedOf(invocation, resolve(dir), own);
        const restored = unwrap(await restoreOffline(asked));
        show(restored, invocation.screen, `restored to ${asked.dataRoot}`);
        return 0;
      }),
    );
};

/** Asks the daemon that uses the data directory; without one, copies by itself. */
async function create(invocation: Invocation, directory: string): Promise<Summary> {
  const overApi = (): Promise<Summary> =>
    remoteDaemon(invocation).call('backupCreate', { directory }, { signal: invocation.signal });
  if (namedDaemon(invocation) !== undefined) return overApi();
  const { createOffline } = await import('../../daemon/offline/offline-backup.ts');
  const made = await createOffline(askedOf(invocation, directory, {}));
  if (made.ok) return made.value;
  if (isDaemonRunning(made.error)) return overApi();
  throw made.error;
}

function isDaemonRunning(error: LastgoodError): boolean {
  return error.code === 'LG_RUNTIME_DAEMON_RUNNING';
}

function askedOf({ options, env, signal }: Invocation, directory: string, own: KeyOptions) {
  const dataRoot = resolve(options.data ?? defaultDataRoot(env, process.getuid?.() === 0));
  return { dataRoot, directory, keyFile: own.keyFile, env, signal };
}

function show(summary: Summary, screen: Screen, what: string): void {
  if (screen.isJson) {
    screen.json(summary);
    return;
  }
  const { directory, files, bytes, createdAt } = summary;
  screen.out(`${directory}: ${what}; ${files} files, ${bytes} bytes, of ${toSecond(createdAt)}`);
}
