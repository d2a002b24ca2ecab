import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { ManualClock } from '../testing/manual-clock.ts';
import { waited } from './waited.ts';

test('whoever waits hears whether the time is up or nobody wants it any more', async () => {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const [short, long] = [10, 20].map((ms) => waited(ms, clock, stopping.signal));
  clock.advance(10);
  assert.equal(await short, true);
  stopping.abort();
  assert.equal(await long, false);
  assert.equal(await waited(10, clock, stopping.signal), false);
});

test('a wait that is over leaves nothing behind at the signal', async () => {
  const clock = new ManualClock();
  const { signal } = new AbortController();
  for (let times = 0; times < 20; times += 1) {
    const wait = waited(10, clock, signal);
    clock.advance(10);
    await wait;
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});
