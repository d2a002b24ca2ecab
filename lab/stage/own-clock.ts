import { globSync, writeFileSync } from 'node:fs';
import { LabFailure } from './lab-failure.ts';
import { readEnvironment } from './process-environment.ts';
import type { Command } from './thing.ts';

/** Without a digit it is an absolute time; libfaketime reads the file again at every look. */
const noOffset = '+0\n';

/** The library keeps files in shared memory, which a killed process would leave behind. */
const ownSharedMemory = 'mount -t tmpfs lastgood-lab /dev/shm && exec "$@"';

const clockVariable = 'FAKETIME_TIMESTAMP_FILE=';

/**
 * Words before a command that give its process a wall clock of its own, which runs as far from the
 * host's as `clockFile` says (`+37s`). Its monotonic clock stays the host's.
 */
export function ownClock(clockFile: string): Command {
  const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
  if (library === undefined) {
    throw new LabFailure('libfaketime.so.1 is missing; apt-get install libfaketime');
  }
  setClock(clockFile);
  return [
    'unshare',
    '--mount',
    'sh',
    '-c',
    ownSharedMemory,
    'clock',
    'env',
    `LD_PRELOAD=${library}`,
    `${clockVariable}${clockFile}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ];
}

/**
 * A daemon's command with a wall clock of its own. The library keeps what only its own user may
 * open, so it is loaded once the command has become that user, and memory is mounted before.
 */
export function withOwnClock(clockFile: string, command: Command): Command {
  const words = ownClock(clockFile);
  const library = words.indexOf('env');
  const user = command.indexOf('setpriv');
  const program = user === -1 ? 0 : command.indexOf('--', user) + 1;
  const before = [...words.slice(1, library), ...command.slice(0, program)];
  return [words[0], ...before, ...words.slice(library), ...command.slice(program)];
}

/** The clock file a process was started with; undefined for one on the host's clock. */
export function clockFileOf(pid: number): string | undefined {
  const found = readEnvironment(pid).find((line) => line.startsWith(clockVariable));
  return found?.slice(clockVariable.length);
}

/** Sets a clock apart from the host's, or back in step with it. */
export function setClock(clockFile: string, offset: string = noOffset): void {
  writeFileSync(clockFile, offset);
}
