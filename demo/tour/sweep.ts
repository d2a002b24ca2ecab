import { readdirSync, readFileSync, rmSync } from 'node:fs';

/**
 * Finds the processes of one tour: those whose command line or environment names its directory,
 * whose name is random and so belongs to no one else. Linux only, as the daemon is; elsewhere the
 * list is empty and processes end by their closed standard input alone.
 */
export function processesOf(root: string): readonly number[] {
  const pids = listProcesses().filter((pid) => pid !== process.pid && pid !== process.ppid);
  return pids.filter((pid) => mentions(pid, 'cmdline', root) || mentions(pid, 'environ', root));
}

/** Kills what is left of a tour and removes its directory. Nothing left is fine. */
export async function sweep(root: string): Promise<void> {
  for (let round = 0; round < sweepRoundsMax; round += 1) {
    const pids = processesOf(root);
    if (pids.length === 0) break;
    for (const pid of pids) killQuietly(pid);
    await new Promise((resolve) => setTimeout(resolve, betweenRoundsMs));
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

/** A process may start another while it is being found; a few rounds end that. */
const sweepRoundsMax = 20;
const betweenRoundsMs = 50;

function listProcesses(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 1);
  } catch {
    return [];
  }
}

function mentions(pid: number, file: 'cmdline' | 'environ', root: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(root);
  } catch {
    // Gone meanwhile, or somebody else's: either way not ours to kill.
    return false;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the look and the signal.
  }
}
