import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isOneTable,
  isOwned,
  tablesOf,
  transaction,
  withElementsOf,
  withoutPassing,
} from './table-text.ts';

const RULESET = readFileSync(join(import.meta.dirname, 'testdata', 'ruleset.nft'), 'utf8');
const tables = tablesOf(RULESET);
const shop = tables.get('ip shop') ?? '';

test('a listed ruleset falls into its tables and nothing is lost', () => {
  assert.deepEqual([...tables.keys()], ['inet edge', 'ip shop']);
  assert.equal([...tables.values()].join(''), RULESET);
  for (const [name, text] of tables) assert.ok(isOneTable(text, name), name);
});

test('only tables that are named are owned', () => {
  const spec = { tables: ['inet edge', 'ip shop-*'] };
  assert.ok(isOwned(spec, 'inet edge') && isOwned(spec, 'ip shop-nat'));
  for (const other of ['ip edge', 'inet edge2', 'ip shop', 'inet f2b-table']) {
    assert.equal(isOwned(spec, other), false, other);
  }
});

test('elements that packets put into a set are no part of the state, those of people are', () => {
  const kept = withoutPassing({ passing: [] }, 'ip shop', shop);
  assert.equal(kept.includes('203.0.113.9'), false);
  assert.ok(kept.includes('timeout 1m\n\t}\n\n\tchain post'));
  const edge = tables.get('inet edge') ?? '';
  assert.equal(withoutPassing({ passing: [] }, 'inet edge', edge), edge);
});

test('a set that was said to fill by itself is left out by its name', () => {
  const own =
    'table ip f {\n\tset banned {\n\t\ttype ipv4_addr\n\t\telements = { 192.0.2.1 }\n\t}\n}\n';
  assert.equal(
    withoutPassing({ passing: ['ip f ban*'] }, 'ip f', own).includes('192.0.2.1'),
    false,
  );
  assert.equal(withoutPassing({ passing: ['ip f other'] }, 'ip f', own), own);
});

test('who is in such a set stays in it when its table is made anew', () => {
  const desired = withoutPassing({ passing: [] }, 'ip shop', shop);
  assert.equal(withElementsOf({ passing: [] }, 'ip shop', desired, shop), shop);
  // Another kind of set takes no elements of this one.
  const other = desired.replace('type ipv4_addr', 'type ipv6_addr');
  assert.equal(withElementsOf({ passing: [] }, 'ip shop', other, shop), other);
});

test('a transaction deletes and makes its own tables and never flushes', () => {
  const text = transaction([{ table: 'ip shop', text: shop }, { table: 'ip old' }]);
  assert.equal(
    text,
    `add table ip shop\ndelete table ip shop\n${shop}add table ip old\ndelete table ip old\n`,
  );
});

test('what is more than the one table is refused, however it is written', () => {
  const plain = 'table ip a {\n\tchain x {\n\t}\n}\n';
  assert.ok(isOneTable(plain, 'ip a'));
  const more = ['flush ruleset\n', 'table ip b {\n}\n', '}; flush ruleset; table ip c {\n}\n'];
  for (const text of more) assert.equal(isOneTable(plain + text, 'ip a'), false, text);
  assert.equal(isOneTable(plain, 'ip b'), false);
  assert.equal(isOneTable(plain.replace('\t}\n', '\t}\n}\nflush ruleset\n'), 'ip a'), false);
});

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const element = fc.tuple(fc.ipV4(), fc.constantFrom('', ' timeout 1h', ' comment "a } b"'));
const set = fc.record({
  name,
  isDynamic: fc.boolean(),
  elements: fc.array(element, { minLength: 1, maxLength: 5 }),
});

function textOf(sets: readonly (typeof set extends fc.Arbitrary<infer S> ? S : never)[]): string {
  const bodies = sets.map(({ name: of, isDynamic, elements }) => {
    const flags = isDynamic ? 'dynamic,timeout' : 'timeout';
    const listed = elements.map((parts) => parts.join('')).join(',\n\t\t\t     ');
    const head = `\tset ${of} {\n\t\ttype ipv4_addr\n\t\tflags ${flags}\n`;
    return `${head}\t\telements = { ${listed} }\n\t}\n`;
  });
  return `table ip t {\n${bodies.join('\n')}}\n`;
}

test('leaving out and putting back gives the listed text again, for any sets', () => {
  const sets = fc.uniqueArray(set, { selector: (one) => one.name, maxLength: 5 });
  fc.assert(
    fc.property(sets, (some) => {
      const listed = textOf(some);
      assert.ok(isOneTable(listed, 'ip t'));
      const kept = withoutPassing({ passing: [] }, 'ip t', listed);
      assert.equal(withoutPassing({ passing: [] }, 'ip t', kept), kept);
      assert.equal(withElementsOf({ passing: [] }, 'ip t', kept, listed), listed);
      assert.equal(
        kept === listed,
        some.every(({ isDynamic }) => !isDynamic),
      );
    }),
  );
});
