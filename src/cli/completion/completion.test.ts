import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { bashScript } from './bash-script.ts';
import { commandTree } from './command-tree.ts';
import { fishScript } from './fish-script.ts';
import { scriptTables } from './script-tables.ts';
import { zshScript } from './zsh-script.ts';
import { COMMANDS } from '../command-list.ts';
import { makeProgram } from '../program.ts';

const program = makeProgram(() => () => Promise.resolve(), COMMANDS);
const tables = scriptTables(commandTree(program));

/** What stands for the executable: it answers as a daemon with one checkpoint would. */
const ANSWERS = '#!/bin/sh\necho "$*" >> "$0.asked"\ncase $* in *checkpoints) echo cp_1;; esac\n';

function placeOf(t: TestContext, script: string): string {
  const root = mkdtempSync(join(tmpdir(), 'lastgood-completion-'));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'script'), script);
  writeFileSync(join(root, 'lastgood'), ANSWERS, { mode: 0o755 });
  return root;
}

/** Each command line with a part of what is offered at its end. */
const CASES: readonly (readonly [line: string, offered: string])[] = [
  ['lastgood che', 'checkpoint'],
  ['lastgood checkpoint ex', 'explain'],
  ['lastgood checkpoint diff --co', '--component'],
  ['lastgood rollback resume run_1 --to b', 'before'],
  ['lastgood --data /d checkpoint show c', 'cp_1'],
];

function isThere(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

test('bash offers commands, options, values and ids', (t) => {
  const root = placeOf(t, bashScript(tables));
  for (const [line, offered] of CASES) {
    const words = line.split(' ').map((word) => `'${word}'`);
    const asked =
      `source ${root}/script; COMP_WORDS=(${words.join(' ')}); ` +
      `COMP_CWORD=${words.length - 1}; _lastgood; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${root}:${process.env['PATH'] ?? ''}` };
    const { stdout, stderr } = spawnSync('bash', ['-c', asked], { encoding: 'utf8', env });
    assert.deepEqual(stderr, '');
    assert.ok(stdout.split('\n').includes(offered), `${line}: ${stdout}`);
  }
});

test('fish offers the same', { skip: isThere('fish') ? false : 'fish is not installed' }, (t) => {
  const root = placeOf(t, fishScript(tables));
  for (const [line, offered] of CASES) {
    const env = { ...process.env, HOME: root, PATH: `${root}:${process.env['PATH'] ?? ''}` };
    const asked = `source ${root}/script; complete -C '${line}'`;
    const { stdout } = spawnSync('fish', ['-c', asked], { encoding: 'utf8', env });
    const names = stdout.split('\n').map((one) => one.split('\t')[0]);
    assert.ok(names.includes(offered), `${line}: ${stdout}`);
  }
});

test('zsh can read its script', { skip: isThere('zsh') ? false : 'zsh is not installed' }, (t) => {
  const root = placeOf(t, zshScript(tables));
  const { status, stderr } = spawnSync('zsh', ['-n', join(root, 'script')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
