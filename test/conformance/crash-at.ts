import * as childProcess from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before a child process (`--import`): once armed, the process kills itself after the n-th
 * call that changes something outside of it. That is kill -9 at every place it can matter, without
 * a word about it in the product's code and without luck.
 */
const CHANGING = {
  sync: [
    'openSync',
    'writeSync',
    'renameSync',
    'fchmodSync',
    'fchownSync',
    'mkdirSync',
    'unlinkSync',
    'rmdirSync',
    'symlinkSync',
  ],
  promised: ['open', 'rename', 'mkdir', 'unlink', 'rmdir', 'rm', 'symlink', 'lchown'],
} as const;

let left = Number.POSITIVE_INFINITY;

/** Counts from now on. */
export function armCrash(): void {
  const wanted = Number(process.env['CRASH_AFTER'] ?? '');
  if (wanted > 0) left = wanted;
}

function count(): void {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

type Call = (...words: readonly unknown[]) => unknown;

function isCall(value: unknown): value is Call {
  return typeof value === 'function';
}

/** Only opening for writing changes something. */
function changes(name: string, words: readonly unknown[]): boolean {
  if (!name.startsWith('open')) return true;
  const flags = words[1];
  const writing = fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT;
  return typeof flags === 'number' && (flags & writing) !== 0;
}

function wrap(owner: object, names: readonly string[]): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (!isCall(original)) throw new Error(`there is no ${name} to wrap`);
    const wrapped = function (this: unknown, ...words: readonly unknown[]): unknown {
      const result = original.apply(this, words as unknown[]);
      if (!changes(name, words)) return result;
      if (result instanceof Promise) {
        return result.then((value: unknown) => {
          count();
          return value;
        });
      }
      count();
      return result;
    };
    Reflect.set(owner, name, wrapped);
  }
}

const require = createRequire(import.meta.url);
wrap(require('node:fs'), CHANGING.sync);
wrap(require('node:fs/promises'), CHANGING.promised);
wrap(require('node:child_process'), ['spawn']);
syncBuiltinESMExports();
Reflect.set(globalThis, 'armCrash', armCrash);
void childProcess;
