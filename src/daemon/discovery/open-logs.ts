import { openFilesOf } from '../../adapters/providers/host/open-files.ts';

/** The files named .log that any of these processes has open. */
export function openLogs(pids: readonly number[]): readonly string[] {
  const logs = pids
    .flatMap(openFilesOf)
    .filter((path) => path.startsWith('/') && path.endsWith('.log'));
  return [...new Set(logs)].toSorted();
}
