import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { testProvider } from '../../src/testing/provider-conformance.ts';
import { LARGE_BYTES, makeSubject, type SubjectParts } from './provider-subject.ts';

/** What stands in every subject's secret content. */
export const SECRET = 'hunter2-of-the-house';

/** Content that does not compress, so that a full disk is full for it. */
export const large = randomBytes(LARGE_BYTES);

/** Where the accounts of the last recorded runs lie; the support table is made of them. */
const results = join(import.meta.dirname, 'results');

/**
 * Runs the conformance suite over one kind of subject, and holds it to its account. Where striking
 * every operation takes minutes each run strikes others; an account is written only of all of them.
 */
export function hold(name: string, parts: SubjectParts): void {
  const isWhole = process.env['LASTGOOD_RECORD'] === '1';
  const subject = isWhole ? { ...parts, stride: 1 } : parts;
  testProvider(name, () => makeSubject(subject), results);
}

/** Names, kinds, modes, owners, targets and contents of everything at some paths. */
export async function treeOf(root: string, ...paths: readonly string[]): Promise<string> {
  const list = String.raw`find "$@" -printf "%p %y %m %U:%G %l\n" | sort`;
  const script = `cd "$1"; shift; ${list}; find "$@" -type f | sort | xargs sha256sum`;
  return execFileSync('sh', ['-c', script, 'sh', root, ...paths]).toString();
}

/** Counts a restart. */
export function restartIn(root: string): readonly string[] {
  return ['sh', '-c', `echo restarted >> ${join(root, 'restarts')}`];
}

/** Never ends, has a child that does not either, and says who it is. */
export function stuckIn(root: string): readonly string[] {
  const pids = join(root, 'pids');
  return ['sh', '-c', `echo $$ >> ${pids}; sleep 600 & echo $! >> ${pids}; wait`];
}
