import { existsSync } from 'node:fs';
import { LastgoodError } from '../../base/error.ts';
import { unwrap } from '../../base/result.ts';
import type { CallAnswer, CallInput } from '../../api/client.ts';
import type { ExportEntry } from '../../api/contract.ts';
import { dataFolder, defaultDataRoot } from '../../config/data-folder.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Invocation } from '../invocation.ts';
import { namedDaemon } from '../remote/named-daemon.ts';

/** The calls that the data directory alone can answer. */
type Readable =
  | 'checkpointList'
  | 'checkpointShow'
  | 'checkpointExplain'
  | 'runList'
  | 'runShow'
  | 'principalList';

/** How a command is answered where no daemon runs. */
export type WithoutDaemon<Name extends Readable = Readable> = (
  invocation: Invocation,
  input: CallInput<Name>,
) => Promise<CallAnswer<Name>>;

/** Reads the answer of a call from the data directory. */
export function fromDataDirectory<Name extends Readable>(call: Name): WithoutDaemon<Name> {
  return async (invocation, input) => {
    const { readOffline } = await import('../../daemon/offline/read-offline.ts');
    return unwrap(await readOffline(readingOf(invocation), call, input));
  };
}

/** Reads a checkpoint from the data directory, entry by entry. */
export async function exportedFromDataDirectory(
  invocation: Invocation,
  id: string,
  write: (entry: ExportEntry) => Promise<void>,
): Promise<void> {
  const { exportOffline } = await import('../../daemon/offline/read-offline.ts');
  unwrap(await exportOffline(readingOf(invocation), id, write));
}

/**
 * Asks the daemon, and the data directory when no daemon uses it: who needs a checkpoint most is
 * whose daemon does not start. A daemon named by its address is the only one that is asked.
 */
export async function preferringDaemon<Answer>(
  invocation: Invocation,
  ask: () => Promise<Answer>,
  read: (unreachable: LastgoodError) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const isGone = error instanceof LastgoodError && error.code === 'LG_API_DAEMON_UNREACHABLE';
    if (!isGone || namedDaemon(invocation) !== undefined) throw error;
    return await readInstead(error, invocation, read);
  }
}

async function readInstead<Answer>(
  unreachable: LastgoodError,
  invocation: Invocation,
  read: (unreachable: LastgoodError) => Promise<Answer>,
): Promise<Answer> {
  const { root, control } = dataFolder(dataRootOf(invocation), invocation.env);
  try {
    const answer = await read(unreachable);
    invocation.screen.note(`no daemon answers; read without it from ${root}`);
    return answer;
  } catch (error) {
    if (!(error instanceof LastgoodError)) throw error;
    // Nothing to read from: that no daemon answers says it all.
    const isUnusable = error.code === 'LG_RUNTIME_DATA_UNUSABLE';
    if (isUnusable && !existsSync(control)) throw unreachable;
    if (!isUnusable && error.code !== 'LG_RUNTIME_DAEMON_RUNNING') throw error;
    const detail = `${unreachable.detail}; ${error.detail}`;
    throw lgError('LG_API_DAEMON_UNREACHABLE', detail, unreachable);
  }
}

/** The data directory this invocation means. */
export function dataRootOf({ options, env }: Pick<Invocation, 'options' | 'env'>): string {
  return options.data ?? defaultDataRoot(env, process.getuid?.() === 0);
}

function readingOf(invocation: Invocation) {
  const { options, env } = invocation;
  return { dataRoot: dataRootOf(invocation), configFile: options.config, env };
}
