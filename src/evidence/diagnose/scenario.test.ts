import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnose } from './diagnose.ts';
import { readScenario, tellFinding } from './testdata/scenario-text.ts';

const folder = join(import.meta.dirname, 'testdata');
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there are scenarios', () => assert.ok(files.length >= 10, String(files.length)));

// REWRITE=1 writes what is told now into the files, to be read in the difference.
for (const name of files) {
  const path = join(folder, name);
  const [given = '', expected = ''] = readFileSync(path, 'utf8').split('=>\n');
  test(`${name}: ${given.split('\n')[0]?.replace('# ', '') ?? ''}`, () => {
    const told = tellFinding(diagnose(readScenario(given)));
    if (process.env['REWRITE'] === '1') writeFileSync(path, `${given}=>\n${told}`);
    else assert.equal(told, expected);
  });
}
