import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disk } from '../base/disk.ts';
import { sha256 } from '../base/hash.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import {
  endProcess,
  isStopped,
  ownIdentity,
  startOf,
  type ProcessIdentity,
} from './process-table.ts';

/** A lock that dies with its holder; the daemon has one, see `folder-lock.ts`. */
export type LockFile = (
  path: string,
  waitMs: number,
) => Promise<Result<{ readonly release: () => void }>>;

/** Holds a state against every other process of this folder while it is written. */
export interface StateLocks {
  /**
   * Waits until nobody else writes the state. A holder that was stopped in the middle (SIGSTOP)
   * would keep it for ever and go on writing later: it is killed. Fails with the signal's reason.
   */
  take(state: string, signal: AbortSignal): Promise<Result<{ readonly release: () => void }>>;
}

/** How often it is looked whether the lock is free. */
const LOOK_MS = 50;

/** Locks for processes that write the same states: the host runner and the dead-men of its runs. */
export async function openStateLocks(
  disk: Disk,
  folder: string,
  lock: LockFile,
): Promise<StateLocks> {
  const locks = `${folder}/locks`;
  await disk.makeFolder(locks);
  return {
    async take(state, signal) {
      const path = `${locks}/${sha256(state).slice(0, 32)}`;
      for (;;) {
        const taken = await lock(path, 0);
        if (taken.ok) return ok(held(path, taken.value));
        if (taken.error.code !== 'LG_RUNTIME_DAEMON_RUNNING') return taken;
        if (signal.aborted) {
          return err(lgError('LG_PROVIDER_TIMEOUT', `${state} is written by another process`));
        }
        endStopped(path);
        await delay(LOOK_MS);
      }
    },
  };
}

function held(path: string, lock: { readonly release: () => void }): { release: () => void } {
  const note = holderNote(path);
  writeFileSync(note, JSON.stringify(ownIdentity()), { mode: 0o600 });
  return {
    release() {
      rmSync(note, { force: true });
      lock.release();
    },
  };
}

function endStopped(path: string): void {
  const holder = holderOf(path);
  const isOurs = holder !== undefined && startOf(holder.pid) === holder.start;
  if (isOurs && holder.pid !== process.pid && isStopped(holder.pid)) endProcess(holder);
}

/** Who holds it; a note torn by a kill says nothing, and its lock is free by then. */
function holderOf(path: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(holderNote(path), 'utf8'));
    const { pid, start } = { pid: 0, start: '', ...Object(value) };
    return { pid: Number(pid), start: String(start) };
  } catch {
    return undefined;
  }
}

function holderNote(path: string): string {
  return `${path}.holder`;
}
