import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { LabFailure } from './lab-failure.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import type { DaemonProgram } from './thing.ts';

/** Waits for one line on descriptor 3; its end without one means that nobody knows this process. */
const waitForLeave = 'read -r leave <&3 && exec "$@" 3<&-';

/**
 * Starts a daemon that outlives this program, in a session of its own. The process first waits for
 * leave, which it gets once `record` has written it down durably, and ends by itself when we die
 * before that: no daemon can run unrecorded.
 */
export async function launch(
  program: DaemonProgram,
  record: (identity: ProcessIdentity) => void,
): Promise<void> {
  const log = openSync(program.logFile, 'a', 0o644);
  try {
    const child = spawn('/bin/sh', ['-c', waitForLeave, 'lab', ...program.command], {
      cwd: program.directory,
      env: { ...process.env, ...program.environment },
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('spawn', () => resolve(child.pid ?? 0));
      child.once('error', reject);
    });
    const identity = identify(pid);
    const gate = child.stdio[3];
    if (identity === undefined || !isWritable(gate)) {
      throw new LabFailure(`${program.command.join(' ')}: its process is gone at once`);
    }
    record(identity);
    await new Promise<void>((resolve) => gate.end('go\n', () => resolve()));
    child.unref();
  } finally {
    closeSync(log);
  }
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === 'object' && stream !== null && 'end' in stream;
}
