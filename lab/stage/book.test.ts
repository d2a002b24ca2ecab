import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openBook } from './book.ts';

it('knows what was written, whatever line a kill has torn', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-book-'));
  const file = join(folder, 'book.jsonl');
  try {
    const first = openBook(folder).add('network', { kind: 'namespace', name: 'a' });
    const whole = readFileSync(file, 'utf8').length;
    openBook(folder).add('network', { kind: 'namespace', name: 'b' });
    const torn = readFileSync(file, 'utf8').slice(whole);
    for (let kept = 0; kept < torn.length - 1; kept += 1) {
      truncateSync(file, whole);
      appendFileSync(file, torn.slice(0, kept));
      const book = openBook(folder);
      const third = book.add('network', { kind: 'namespace', name: 'c' });
      assert.deepEqual(book.entries(), [first, third], `${kept} characters of the torn line`);
      book.drop(first);
      assert.deepEqual(openBook(folder).entries(), [third]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('is not misled by lines that are JSON and no entries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-book-'));
  try {
    const first = openBook(folder).add('network', { kind: 'namespace', name: 'a' });
    const stranger = { add: { id: 'x', part: '../other', thing: { kind: 'port' } } };
    const lines = ['null', '1', '"x"', '{"add":5}', '{"drop":7}', JSON.stringify(stranger)];
    appendFileSync(join(folder, 'book.jsonl'), `${lines.join('\n')}\n`);
    assert.deepEqual(openBook(folder).entries(), [first]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
