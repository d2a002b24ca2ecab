import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson, parseJsonObject } from './parse-json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test('what is nested deeper than anything that is meant is no JSON for us', () => {
  assert.notEqual(parseJson(nested(256)), undefined);
  assert.equal(parseJson(nested(257)), undefined);
  assert.equal(parseJsonObject(`{"a":${nested(30_000)}}`), undefined);
});

test('many brackets side by side, or within texts, are not deep', () => {
  const wide = JSON.stringify(Array.from({ length: 1_000 }, () => ({ a: [] })));
  assert.ok(Array.isArray(parseJson(wide)));
  const quoted = JSON.stringify({ a: `\\"${'['.repeat(5_000)}` });
  assert.ok(parseJsonObject(quoted) !== undefined);
});
