import { unwrap } from '../../src/base/result.ts';
import { inIdleFolder } from '../../src/daemon/offline/in-idle-folder.ts';

/** Leaves a run in a data directory as a version to come might have journaled it. */
export async function leaveUnreadable(
  dataRoot: string,
  env: NodeJS.ProcessEnv,
  run: string,
): Promise<void> {
  const written = await inIdleFolder({ dataRoot, env }, async ({ stores }) => {
    const added = await stores.control.append(`run/${run}`, 0, [{ kind: 'from another version' }]);
    await stores.vault.close();
    await stores.control.close();
    return added;
  });
  unwrap(written);
}
