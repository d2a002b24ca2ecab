import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortableId } from './id.ts';

test('ids sort by the time they were made at', () => {
  const zeros = (length: number): Uint8Array => new Uint8Array(length);
  const times = [0, 1, 31, 32, 1000, 1_795_000_000_000, 1_795_000_000_001];
  const ids = times.map((ms) => sortableId('run', ms, zeros));
  assert.deepEqual(ids.toSorted(), ids);
  assert.match(ids[0] ?? '', /^run_[0-9a-hjkmnp-tv-z]{18}$/);
});
