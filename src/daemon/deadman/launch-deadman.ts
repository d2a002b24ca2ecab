import { join } from 'node:path';
import type { Log } from '../../base/log.ts';
import { messageOf } from '../../base/error.ts';
import type { DeadManLauncher } from '../../runner/deadman/start-dead-man.ts';
import { deadManFolder, LOG, runFolderName } from '../../runner/deadman/run-folder.ts';
import type { LockFile } from '../../runner/state-lock.ts';
import { lockFolder } from '../folder-lock.ts';
import { detachedLauncher } from './launch-detached.ts';

/** Where the dead-men of a host runner live. */
export interface DeadManHome {
  /** The runner's folder as this process reaches it, by descriptor where it must not be swapped. */
  readonly folder: string;
  /** The same as a new process finds it. */
  readonly path: string;
  readonly keyFile: string;
}

/** Starts dead-men: `lastgood deadman RUN`, each apart from us. */
export function deadManLauncher(
  { folder, path, keyFile }: DeadManHome,
  log: Log,
): DeadManLauncher & { readonly lock: LockFile } {
  const { survives, launch } = detachedLauncher();
  return {
    lock: lockFolder,
    survives,
    launch(run, when) {
      const words = ['deadman', run, '--folder', path, '--key-file', keyFile];
      const whole = when === undefined ? words : [...words, '--ahead'];
      const file = join(deadManFolder(folder), runFolderName(run), LOG);
      return launch(whole, file, (error) =>
        log.error('DeadManStartError', { run, why: messageOf(error) }),
      );
    },
  };
}
