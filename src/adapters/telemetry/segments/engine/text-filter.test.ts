import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../../../base/bytes.ts';
import { TextCollector } from './text-filter.ts';
import { placesThatMayHold } from './text-lookup.ts';
import { innerTokens, spellingsOf } from './text-tokens.ts';

const BLOCK = 4096;

/** A filter over blocks that each hold these texts once; the rest of their rows is empty. */
function filterOf(blocks: readonly (readonly string[])[]): Uint8Array {
  const collector = new TextCollector();
  for (const texts of blocks) {
    for (let row = 0; row < BLOCK; row += 1) {
      collector.addLines('body', utf8(texts[row] ?? ''), 1);
      const attributes = row < texts.length ? JSON.stringify({ row }) : '';
      collector.addLines('attributes', utf8(attributes), 1);
    }
  }
  return collector.filter();
}

function blocksWith(filter: Uint8Array, text: string): readonly number[] | 'all' {
  const places = placesThatMayHold(filter, spellingsOf(text).map(innerTokens));
  if (places === undefined) return 'all';
  return places.rows.flatMap(({ from, to }) =>
    Array.from({ length: (to - from) / BLOCK }, (_, i) => from / BLOCK + i),
  );
}

describe('text filter', () => {
  test('a search reads only the rows near what it looks for', () => {
    const blocks = Array.from({ length: 20 }, (_, block) =>
      Array.from({ length: 500 }, (_row, row) => `Order ${block * 500 + row} confirmed`),
    );
    const filter = filterOf(blocks);
    const found = [blocksWith(filter, 'order 4321 CONF')].flat();
    assert.ok(found.includes(8) && found.length < 5, `blocks ${String(found)}`);
    const absent = Array.from({ length: 500 }, (_, i) =>
      blocksWith(filter, `Order ${20_000 + i} C`),
    );
    const read = absent.flat().length;
    assert.ok(read < 0.1 * 500 * 20, `${read} blocks are read for what is nowhere`);
    const places = placesThatMayHold(filter, [innerTokens(' 4321 ')]);
    assert.deepEqual(places?.columns, ['body']);
    // Nothing between two separators: such a word may go on at both ends.
    assert.equal(blocksWith(filter, '4321'), 'all');
  });

  test('a block with a letter that only lowering makes ASCII is always read', () => {
    const filter = filterOf([['10 \u212Aelvin now'], ['nothing else']]);
    assert.deepEqual(blocksWith(filter, '10 kelvin now'), [0]);
  });

  test('a block with more words than a filter can hold is always read', () => {
    const words = Array.from({ length: 4000 }, (_, row) =>
      Array.from({ length: 10 }, (_word, i) => `w${row * 10 + i}`).join(' '),
    );
    const filter = filterOf([words, ['few']]);
    assert.deepEqual(blocksWith(filter, ' absent '), [0]);
  });

  test('whatever a text holds is found by every part of it', () => {
    const alphabet = fc.constantFrom(...'aZ0 9."\\\n-_/é\u212A\u0130ßK:{}');
    const texts = fc.array(fc.string({ unit: alphabet, maxLength: 30 }), { minLength: 1 });
    const check = fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), (blocks) => {
      const filter = filterOf(blocks);
      blocks.forEach((inBlock, block) => {
        for (const text of inBlock) {
          for (let from = 0; from < text.length; from += 3) {
            const part = text.slice(from, from + 12).toUpperCase();
            // What upper case changes beyond letters is another text.
            if (!text.toLowerCase().includes(part.toLowerCase())) continue;
            const found = blocksWith(filter, part);
            assert.ok(found === 'all' || found.includes(block), JSON.stringify({ text, part }));
          }
        }
      });
    });
    fc.assert(check, { numRuns: 60 });
  });
});
