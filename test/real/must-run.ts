import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Runs a command to its end; fails with what it complained of. */
export function mustRun([program = '', ...words]: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}
