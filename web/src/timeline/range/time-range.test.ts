import assert from 'node:assert/strict';
import { test } from 'node:test';

import { panned, shareOf, zoomed } from './time-range.ts';

const window = { from: 1_000_000, to: 1_600_000 };

test('panning moves both ends by the same time', () => {
  assert.deepEqual(panned(window, 0.5), { from: 1_300_000, to: 1_900_000 });
  assert.deepEqual(panned(panned(window, 0.5), -0.5), window);
});

test('zooming leaves the moment under the pointer where it is', () => {
  for (const share of [0, 0.25, 0.9]) {
    const at = window.from + share * (window.to - window.from);
    const next = zoomed(window, 0.5, share);
    assert.equal(next.to - next.from, 300_000);
    assert.ok(Math.abs(shareOf(at, next) - share) < 1e-5);
  }
});

test('zooming ends where there is nothing more to see', () => {
  const narrow = zoomed(window, 1e-9);
  assert.equal(narrow.to - narrow.from, 200);
  const wide = zoomed(window, 1e9);
  assert.equal(wide.to - wide.from, 366 * 86_400_000);
});
