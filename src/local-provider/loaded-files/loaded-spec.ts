import { z } from 'zod';
import type { TreeScope } from '../../filetree/compare/tree-scope.ts';
import { treeScope } from '../../filetree/compare/tree-scope.ts';
import { absolutePath, command, milliseconds, treeParts } from '../spec-parts.ts';

/** Where a program's files usually lie, and how it is called. */
interface Usual {
  readonly name: string;
  readonly folder: string;
  readonly pidFile: string;
  /** What it does by itself to load files anew, in words. */
  readonly reload: string;
}

/** What every provider of a program that loads files lets one set. */
export function loadedParts({ name, folder, pidFile, reload }: Usual) {
  const { restart: _restart, restartTimeout: _timeout, ...tree } = treeParts;
  return {
    paths: z
      .array(absolutePath)
      .min(1)
      .max(1_000)
      .default([folder])
      .describe(`Files and folders that ${name} loads, with everything below.`),
    program: z
      .string()
      .min(1)
      .max(4_096)
      .default(name)
      .describe('The program: it checks files before they are loaded, and runs by this name.'),
    pidFile: absolutePath
      .default(pidFile)
      .describe('The file with the number of its main process.'),
    reload: command
      .optional()
      .describe(`Makes it load its files anew, without a shell; absent: ${reload}.`),
    start: command
      .optional()
      .describe('Starts it; absent: it is not started, and a rollback that needs it is refused.'),
    timeout: milliseconds
      .prefault('30s')
      .describe('How long each command may take; a duration, or milliseconds.'),
    settle: milliseconds
      .prefault('10s')
      .describe('How long it may take to be seen to have loaded its files, to start or to stop.'),
    ...tree,
  };
}

/** Those settings as parsed. */
export interface LoadedSpec {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly secrets: readonly string[];
  readonly itemsMax: number;
  readonly bytesMax: number;
  readonly program: string;
  readonly pidFile: string;
  readonly reload?: readonly string[] | undefined;
  readonly start?: readonly string[] | undefined;
  readonly timeout: number;
  readonly settle: number;
}

/** The files of a program. */
export function loadedScope({ paths, exclude, secrets }: LoadedSpec): TreeScope {
  return treeScope(paths, exclude, secrets);
}
