import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseJson } from './json.ts';

/** The one executable of the product, beside this folder. */
export const executable = join(import.meta.dirname, '..', '..', 'bin', 'lastgood');

/** The daemon a command talks to, by its configuration and its data directory. */
export type CommandPlace = {
  readonly configFile: string;
  readonly dataDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
};

/** How a command ended. */
export type CommandEnd = {
  readonly exitCode: number;
  /** What it printed, decoded: the one document, or for a stream every line. */
  readonly lines: readonly unknown[];
  readonly errorText: string;
};

/** A rollback may wait out its confirm deadline; nothing the tour asks for takes longer. */
const commandTimeoutMs = 90_000;

/**
 * Runs `lastgood ARGS --json` and resolves when it has ended, whatever its exit code. `onLine` is
 * called with each JSON line as it comes; a document over several lines comes as one at the end.
 */
export function runCommand(
  place: CommandPlace,
  args: readonly string[],
  onLine: (line: unknown) => void = () => undefined,
): Promise<CommandEnd> {
  const global = ['--config', place.configFile, '--data', place.dataDirectory, '--json'];
  const child = spawn(process.execPath, [executable, ...args, ...global], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: place.environment,
    detached: true,
    timeout: commandTimeoutMs,
  });
  const texts: string[] = [];
  const lines: unknown[] = [];
  let errorText = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errorText += chunk.toString('utf8');
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    texts.push(text);
    const line = parseJson(text);
    if (line === undefined) return;
    lines.push(line);
    onLine(line);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const document = parseJson(texts.join('\n'));
      const decoded = document === undefined ? lines : [document];
      resolve({ exitCode: code ?? -1, lines: decoded, errorText: errorText.trim() });
    });
  });
}
