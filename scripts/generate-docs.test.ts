import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { CATALOGUE } from '../src/model/errors/catalogue.ts';
import { configurationPage } from './configuration-page.ts';
import { fillSection, generateDocuments } from './generate-docs.ts';
import { table } from './markdown-table.ts';
import { readProject } from './project-files.ts';
import { scanSource } from './source-text.ts';

const root = join(import.meta.dirname, '..');
const codes = Object.keys(CATALOGUE);

/** Codes that the product's own files name outside the catalogue, with where. */
function usedCodes(): ReadonlyMap<string, string> {
  const files = readProject(root, ['src', 'bin'], (path) => {
    const isSource = path.endsWith('.ts') || path === 'bin/lastgood';
    return isSource && !path.endsWith('.test.ts') && !path.startsWith('src/model/errors/');
  });
  assert.ok(files.length > 0, 'no source file was read');
  const used = new Map<string, string>();
  for (const { path, text } of files) {
    for (const [code] of withoutComments(text).matchAll(/\bLG_[A-Z0-9]+(?:_[A-Z0-9]+)+\b/g)) {
      used.set(code, path);
    }
  }
  return used;
}

function withoutComments(text: string): string {
  return scanSource(text).comments.reduceRight(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(end),
    text,
  );
}

describe('the error catalogue', () => {
  it('names every code that the source uses', () => {
    const unknown = [...usedCodes()].filter(([code]) => !codes.includes(code));
    assert.deepEqual(unknown, [], 'add these to the file of their area in src/model/errors');
  });

  it('holds no code that nothing reports', () => {
    const used = usedCodes();
    assert.deepEqual(
      codes.filter((code) => !used.has(code)),
      [],
      'report these errors somewhere or take them out of src/model/errors',
    );
  });

  it('keeps each code in the file of its area, with one sentence of meaning and of hint', () => {
    const folder = join(root, 'src', 'model', 'errors');
    const notAreas = new Set(['catalogue.ts', 'lg-error.ts']);
    const areas = readdirSync(folder).filter(
      (name) => !notAreas.has(name) && !name.endsWith('.test.ts'),
    );
    const found = areas.flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const own = [...text.matchAll(/^ {2}(LG_\w+):/gm)].map(([, code]) => code ?? '');
      const prefix = `LG_${name.replace('.ts', '').replaceAll('-', '_').toUpperCase()}_`;
      for (const code of own) assert.ok(code.startsWith(prefix), `${code} lies in ${name}`);
      return own;
    });
    assert.deepEqual(found.toSorted(), codes.toSorted());
    for (const [code, entry] of Object.entries(CATALOGUE)) {
      assert.match(entry.meaning, /^[A-Z].*\.$/, `${code}: meaning`);
      assert.match(entry.hint, /^[A-Z].*\.$/, `${code}: hint`);
    }
  });
});

describe('the generated documents', () => {
  it('say what the code says', () => {
    for (const { path, text } of generateDocuments(root)) {
      const written = readFileSync(join(root, path), 'utf8');
      assert.ok(written === text, `${path} is stale; run npm run docs and commit it`);
    }
  });

  it('replace their own part of a page and leave the rest', () => {
    const page = 'a\n<!-- generated:x -->\nold\n<!-- /generated -->\nb\n';
    const filled = 'a\n<!-- generated:x -->\nnew\n<!-- /generated -->\nb\n';
    assert.equal(fillSection(page, 'x', 'new\n'), filled);
    assert.throws(() => fillSection(page, 'y', 'new'), /no section "y"/);
  });

  it('show every way to set a source, a state, a rule and a trigger', () => {
    const page = configurationPage();
    const ways = ['kind: journald', 'provider: service', 'do: dedupe', 'signal: alert', 'tcp'];
    for (const way of ways) assert.match(page, new RegExp(`^### .* with \`${way}\`$`, 'm'));
    assert.ok(page.split('\n').filter((line) => line.startsWith('| `')).length > 150);
  });

  it('escape what would break a table', () => {
    assert.equal(table(['a'], [['b|c']]), '| a |\n| --- |\n| b\\|c |\n');
  });
});
