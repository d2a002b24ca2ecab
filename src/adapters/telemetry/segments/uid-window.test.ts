import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UidWindow } from './uid-window.ts';

const HOUR = 3_600_000;

test('a uid is remembered for the whole window and forgotten after it', () => {
  const window = new UidWindow(24 * HOUR, 1_000_000);
  window.add('a', 'first', 1, 0);
  for (let hour = 1; hour <= 24; hour += 1) {
    window.add('a', `of hour ${hour}`, hour + 1, hour * HOUR);
    assert.deepEqual(window.candidates('a', 'first'), [1], `after ${hour} hours`);
  }
  for (let hour = 25; hour <= 60; hour += 1) window.add('a', `${hour}`, hour, hour * HOUR);
  assert.deepEqual(window.candidates('a', 'first'), []);
  assert.deepEqual(window.candidates('b', '60'), [], 'the same uid of another sender');
});

test('the window holds no more uids than it may, and the newest stay', () => {
  const entries = 8000;
  const window = new UidWindow(24 * HOUR, entries);
  for (let seq = 1; seq <= 10 * entries; seq += 1) window.add('a', `uid ${seq}`, seq, 0);
  assert.ok(window.entries <= (entries * 9) / 8 + 1, `${window.entries} entries`);
  assert.deepEqual(window.candidates('a', `uid ${10 * entries}`), [10 * entries]);
  assert.deepEqual(window.candidates('a', 'uid 1'), []);
});
