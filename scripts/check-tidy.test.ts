import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { checkTidy } from './check-tidy.ts';
import { countEscapes, decodeCounts, findEscapes, lowerCounts } from './escapes.ts';
import { judgeFile } from './tidy-rules.ts';

const none = { cast: 0, typeSuppression: 0, lintSuppression: 0 };

function judge(path: string, text: string): readonly string[] {
  return judgeFile({ path, text });
}

describe('the tidy check', () => {
  it('says nothing about a tidy file', () => {
    const text = '/** The answer. */\nexport const answer = 42;\n';
    assert.deepEqual(judge('src/model/answer.ts', text), []);
  });

  it('refuses a file over 400 lines and a line over 100 columns', () => {
    assert.match(judge('src/model/a.ts', '\n'.repeat(401))[0] ?? '', /401 lines, limit 400/);
    assert.match(judge('src/model/a.ts', `//${'x'.repeat(99)}`)[0] ?? '', /:1 has 101 columns/);
  });

  it('refuses names that say nothing, in files and folders, and names off the pattern', () => {
    assert.match(judge('src/base/string-utils.ts', '')[0] ?? '', /named "utils"/);
    assert.match(judge('src/common/plan.ts', '')[0] ?? '', /named "common"/);
    assert.match(judge('src/base/TimeNs.ts', '')[0] ?? '', /not kebab-case at "TimeNs.ts"/);
  });

  it('allows an index.ts only where the package has a public face', () => {
    assert.deepEqual(judge('src/ports/index.ts', ''), []);
    assert.equal(judge('src/model/index.ts', '').length, 1);
  });

  it("refuses words of the glossary's forbidden list in exported names", () => {
    const text =
      '/** A. */\nexport interface VmSnapshot {}\n/** B. */\nexport type PlanManager = 1;\n';
    assert.equal(judge('src/model/a.ts', text).length, 2);
  });

  it('finds marks of unfinished work in comments, and nowhere else', () => {
    const mark = ['TO', 'DO'].join('');
    assert.match(judge('src/model/a.ts', `// ${mark} later`)[0] ?? '', new RegExp(`mark ${mark}`));
    assert.deepEqual(judge('src/model/a.ts', `const text = '${mark}';`), []);
  });

  it('wants a docstring on every exported thing of the product, once for overloads', () => {
    assert.equal(judge('src/model/a.ts', 'export const a = 1;').length, 1);
    const overloads = '/** A. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;\n';
    assert.deepEqual(judge('src/model/a.ts', overloads), []);
    assert.deepEqual(judge('demo/a.ts', 'export const a = 1;'), []);
  });

  it('refuses a test that hides the others', () => {
    assert.equal(judge('src/model/a.test.ts', ['it', "only('x', f);"].join('.')).length, 1);
  });

  it('counts casts, but not const assertions, renames or decoders', () => {
    const text =
      "import { a as b } from 'c';\nconst d = [1] as const;\nconst e = f as unknown as G;";
    const counted = findEscapes([
      { path: 'src/model/a.ts', text },
      { path: 'src/api/decode-plan.ts', text },
      { path: 'src/model/a.test.ts', text },
    ]);
    assert.deepEqual(countEscapes(counted), { ...none, cast: 2 });
  });

  it('fails when an escape was added, and when a lower count was not written down', () => {
    const root = mkdtempSync(join(tmpdir(), 'lastgood-tidy-'));
    const path = join(root, 'src/model/a.ts');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'const e = f as G;\n');
    assert.match(
      checkTidy(root, none).violations[0] ?? '',
      /allows 0 of cast, found 1: src\/model/,
    );
    assert.match(checkTidy(root, { ...none, cast: 2 }).violations[0] ?? '', /only 1 are left/);
    assert.deepEqual(checkTidy(root, { ...none, cast: 1 }).violations, []);
    rmSync(root, { recursive: true });
  });

  it('never raises a count by itself, and refuses a damaged ratchet', () => {
    assert.deepEqual(lowerCounts({ ...none, cast: 5 }, { ...none, cast: 3 }), { ...none, cast: 3 });
    assert.deepEqual(lowerCounts({ ...none, cast: 1 }, { ...none, cast: 3 }), { ...none, cast: 1 });
    assert.throws(() => decodeCounts({ cast: 'many' }), /"cast" must be a number/);
  });

  it('reports that it read no file, so an empty run cannot pass', () => {
    const root = mkdtempSync(join(tmpdir(), 'lastgood-tidy-'));
    assert.equal(checkTidy(root, none).files, 0);
    rmSync(root, { recursive: true });
  });
});
