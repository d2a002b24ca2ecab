import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTitle } from './page-title.ts';

test('tabs of different pages have different titles', () => {
  const places = [
    [],
    ['incidents'],
    ['incidents', 'inc_1'],
    ['runs'],
    ['runs', 'run_1'],
    ['plans', 'p'],
  ];
  assert.equal(new Set(places.map(pageTitle)).size, places.length);
  assert.equal(pageTitle(['incidents', 'inc_1']), 'Incident inc_1');
});
