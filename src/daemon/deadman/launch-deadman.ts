import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../base/log.ts';
import { messageOf } from '../../base/error.ts';
import type { DeadManLauncher } from '../../runner/deadman/start-dead-man.ts';
import { deadManFolder, LOG, runFolderName } from '../../runner/deadman/run-folder.ts';
import type { LockFile } from '../../runner/state-lock.ts';
import { lockFolder } from '../folder-lock.ts';
import { detachedLauncher } from './launch-detached.ts';
import { NAMED_LATER } from './named-later.ts';

/** Where the dead-men of a host runner live. */
export interface DeadManHome {
  /** The runner's folder as this process reaches it, by descriptor where it must not be swapped. */
  readonly folder: string;
  /** The same as a new process finds it. */
  readonly path: string;
  readonly keyFile: string;
}

/** Takes what the process prints that is of no run yet; there is one at most. */
const SPARE_LOG = 'spare.log';

/** Starts dead-men: `lastgood deadman RUN`, each apart from us. */
export function deadManLauncher(
  { folder, path, keyFile }: DeadManHome,
  log: Log,
): DeadManLauncher & { readonly lock: LockFile } {
  const { survives, launch, launchListening } = detachedLauncher();
  const all = deadManFolder(folder);
  const logOf = (run: string): string => join(all, runFolderName(run), LOG);
  const wordsOf = (run: string): readonly string[] => [
    ...['deadman', run, '--folder', path, '--key-file', keyFile],
  ];
  return {
    lock: lockFolder,
    survives,
    launch(run, when) {
      const words = wordsOf(run);
      const whole = when === undefined ? words : [...words, '--ahead'];
      return launch(whole, logOf(run), (error) =>
        log.error('DeadManStartError', { run, why: messageOf(error) }),
      );
    },
    spare() {
      const said = join(all, SPARE_LOG);
      const started = launchListening([...wordsOf(NAMED_LATER), '--ahead'], said, (error) =>
        log.error('DeadManStartError', { run: NAMED_LATER, why: messageOf(error) }),
      );
      if (started === undefined) return undefined;
      return {
        process: started.process,
        give(run) {
          try {
            // It keeps on writing to the same file, which the run's folder shows from now on.
            renameSync(said, logOf(run));
          } catch (thrown) {
            log.warn('DeadManLogError', { run, why: messageOf(thrown) });
          }
          return started.tell(`${run}\n`);
        },
      };
    },
  };
}
