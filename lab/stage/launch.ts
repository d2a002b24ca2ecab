import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { LabFailure } from './lab-failure.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import type { Command } from './thing.ts';

/** A daemon to start: in the foreground, its output to a file, in a session of its own. */
export type Launch = {
  readonly command: Command;
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  /** Called with the process before it is the daemon; what it writes must be durable. */
  readonly record: (identity: ProcessIdentity) => void;
};

/** Waits for one line on descriptor 3; its end without one means that nobody knows this process. */
const waitForLeave = 'read -r leave <&3 && exec "$@" 3<&-';

/**
 * Starts a daemon that outlives this program. The process first waits for leave, which it gets once
 * it is on record, and ends by itself when we die before that: no daemon can run unrecorded.
 */
export async function launch(request: Launch): Promise<ProcessIdentity> {
  const log = openSync(request.logFile, 'a', 0o644);
  try {
    const child = spawn('/bin/sh', ['-c', waitForLeave, 'lab', ...request.command], {
      cwd: request.directory,
      env: request.environment,
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
      throw new LabFailure(`${request.command.join(' ')}: its process is gone at once`);
    }
    request.record(identity);
    await new Promise<void>((resolve) => gate.end('go\n', () => resolve()));
    child.unref();
    return identity;
  } finally {
    closeSync(log);
  }
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === 'object' && stream !== null && 'end' in stream;
}
