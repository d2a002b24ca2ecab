import { globSync, writeFileSync } from 'node:fs';
import { LabFailure } from './lab-failure.ts';

/** Without a digit it is an absolute time; libfaketime reads the file again at every look. */
const noOffset = '+0\n';

const clockVariable = 'FAKETIME_TIMESTAMP_FILE=';

/**
 * Words before a command that give its process a wall clock of its own, which runs as far from the
 * host's as `clockFile` says (`+37s`). Its monotonic clock stays the host's.
 */
export function ownClock(clockFile: string): readonly string[] {
  const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
  if (library === undefined) {
    throw new LabFailure('libfaketime.so.1 is missing; apt-get install libfaketime');
  }
  setClock(clockFile);
  return [
    'env',
    `LD_PRELOAD=${library}`,
    `${clockVariable}${clockFile}`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ];
}

/** The clock file a command was started with; undefined for one on the host's clock. */
export function clockFileOf(command: readonly string[]): string | undefined {
  return command.find((word) => word.startsWith(clockVariable))?.slice(clockVariable.length);
}

/** Sets a clock apart from the host's, or back in step with it. */
export function setClock(clockFile: string, offset: string = noOffset): void {
  writeFileSync(clockFile, offset);
}
