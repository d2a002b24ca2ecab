import * as fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before a child process (`--import`): once armed, something strikes after the n-th call
 * that changes something outside of the process: it kills itself, a folder becomes a link,
 * or the call fails. That is kill -9, a broken disk and a hostile neighbor at every place they can
 * matter, without luck and without a word about it in the product's code.
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
function arm(): void {
  const wanted = Number(process.env['STRIKE_AFTER'] ?? '');
  if (wanted > 0) left = wanted;
}

/** Whether the call that comes now is to fail. */
function failsNow(): boolean {
  if (process.env['STRIKE_FAILS'] === undefined) return false;
  left -= 1;
  if (left === 0) Reflect.set(globalThis, 'isStruck', true);
  return left === 0;
}

/** A command that fails in its place: it ends with 1 and did nothing. */
const FAILING = '/bin/false';

function ioError(name: string): Error {
  return Object.assign(new Error(`EIO: i/o error, ${name}`), { code: 'EIO', syscall: name });
}

function count(): void {
  if (process.env['STRIKE_FAILS'] !== undefined) return;
  left -= 1;
  if (left !== 0) return;
  const folder = process.env['STRIKE_SWAP'];
  const outside = process.env['STRIKE_TARGET'];
  if (folder === undefined || outside === undefined) process.kill(process.pid, 'SIGKILL');
  else swapForLink(folder, outside);
}

/** What somebody hostile does: a link to elsewhere takes the place of a folder. */
function swapForLink(folder: string, outside: string): void {
  if (fs.existsSync(folder)) plain.renameSync(folder, `${folder}.moved`);
  plain.symlinkSync(outside, folder);
}

/** The calls before they are wrapped: the strike itself does not count. */
const plain = { renameSync: fs.renameSync, symlinkSync: fs.symlinkSync };

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

function wrap(owner: object, names: readonly string[], isPromised: boolean): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (!isCall(original)) throw new Error(`there is no ${name} to wrap`);
    const wrapped = function (this: unknown, ...words: readonly unknown[]): unknown {
      if (changes(name, words) && failsNow()) {
        if (name === 'spawn') return original.apply(this, [FAILING, [], words[2]]);
        if (isPromised) return Promise.reject(ioError(name));
        throw ioError(name);
      }
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
wrap(require('node:fs'), CHANGING.sync, false);
wrap(require('node:fs/promises'), CHANGING.promised, true);
wrap(require('node:child_process'), ['spawn'], false);
syncBuiltinESMExports();
Reflect.set(globalThis, 'armStrike', arm);
