import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { findImports, lineOf, scanSource } from './source-text.ts';

describe('the source scanner', () => {
  it('keeps the length and the lines of a file, so that offsets stay true', () => {
    const text =
      "const a = 'b\\'c'; // d\nconst e = `f ${g} \n h`;\n/* i\n */ const j = /k[/]l/g;\n";
    const { code } = scanSource(text);
    assert.equal(code.length, text.length);
    assert.equal(code.split('\n').length, text.split('\n').length);
    for (const gone of ['b', 'd', 'f', 'h', 'i', 'k', 'l']) {
      assert.ok(!new RegExp(`\\b${gone}\\b`).test(code), `${gone} is still there`);
    }
    for (const kept of ['const a', 'const e', '${g}', 'const j']) assert.ok(code.includes(kept));
  });

  it('tells a division from a regular expression', () => {
    const { code } = scanSource(
      'const half = total / 2; const rest = (a + b) / c; x = /"/;\nlet y;',
    );
    assert.ok(code.includes('total / 2'));
    assert.ok(code.includes('/ c;'));
    assert.ok(code.includes('let y;'));
  });

  it('reads nested templates to their end', () => {
    const { code } = scanSource('const a = `x ${b({ c: `y ${d}` })} z`; const e = 1;');
    assert.ok(code.includes('const e = 1;'));
    assert.ok(code.includes('${d}'));
    assert.ok(!code.includes('z'));
  });

  it('survives an unterminated literal', () => {
    assert.equal(scanSource("const a = 'b\nconst c = 1;").code.includes('const c'), true);
    assert.equal(scanSource('const a = `b').code.length, 12);
    assert.equal(scanSource('/* never closed').comments.length, 1);
  });

  it('finds each form of import with its line', () => {
    const { references } = findImports(
      [
        "import 'a';",
        'import {',
        '  b,',
        "} from 'b';",
        "export * from 'c';",
        "await import('d');",
        "new URL('./e.ts', import.meta.url);",
        "import type { F } from 'f';",
      ].join('\n'),
    );
    const byName = Object.fromEntries(references.map((found) => [found.specifier, found]));
    assert.deepEqual(Object.keys(byName).toSorted(), ['./e.ts', 'a', 'b', 'c', 'd', 'f']);
    assert.equal(byName['b']?.line, 4);
    assert.equal(byName['d']?.kind, 'lazy');
    assert.equal(byName['./e.ts']?.kind, 'url');
  });

  it('counts lines from one', () => {
    assert.equal(lineOf('a\nb\nc', 0), 1);
    assert.equal(lineOf('a\nb\nc', 4), 3);
  });
});
