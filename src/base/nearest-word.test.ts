import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meant } from './nearest-word.ts';

test('the word that was meant is told, and none where nothing is near', () => {
  const known = ['dependsOn', 'aliases', 'health', 'state'];
  for (const [written, word] of [
    ['dependson', 'dependsOn'],
    ['depends_on', 'dependsOn'],
    ['helath', 'health'],
    ['sate', 'state'],
    ['alias', 'aliases'],
  ] as const) {
    assert.equal(meant(written, known), `; did you mean ${word}?`, written);
  }
  for (const written of ['', 'x', 'listen', 'anything']) assert.equal(meant(written, known), '');
});
