import assert from 'node:assert/strict';
import { test } from 'node:test';

import { placeOf } from '../shell/location.ts';
import { apiFilterOf, filterOf, timelineHref, type Filter } from './filter.ts';
import { axisMarks, axisStep, bucketMsOf, windowOf } from './range/time-range.ts';

const filter: Filter = {
  range: { kind: 'fixed', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) },
  components: ['checkout', 'payment'],
  kinds: ['log', 'event'],
  minSeverity: 17,
  text: 'connection refused & more?',
  trace: '0af7651916cd43dd8448eb211c80319c',
  event: 'config.changed',
};

test('a link to the timeline shows the same records to somebody else', () => {
  assert.deepEqual(filterOf(placeOf(timelineHref(filter)).query), filter);
});

test('an address without a filter shows the last 15 minutes of everything', () => {
  const plain = filterOf(new URLSearchParams());
  assert.deepEqual(plain.range, { kind: 'last', ms: 900_000 });
  assert.deepEqual(apiFilterOf(plain, { from: 0, to: 1000 }), {
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:00:01.000Z',
  });
});

test('nonsense in an address does not restrict', () => {
  const odd = filterOf(new URLSearchParams('severity=loud&kind=fish,log&from=x&to=y&last=9y'));
  assert.equal(odd.minSeverity, 0);
  assert.deepEqual(odd.kinds, ['log']);
  assert.equal(odd.range.kind, 'last');
});

test('half a trace id is not sent, because the daemon would refuse it', () => {
  assert.equal('trace' in apiFilterOf({ ...filter, trace: '0af7' }, { from: 0, to: 1 }), false);
});

test('any window has bars that can be told apart and marks on round times', () => {
  for (const ms of [1_000, 60_000, 900_000, 86_400_000, 90 * 86_400_000]) {
    const window = windowOf({ kind: 'last', ms }, Date.UTC(2026, 0, 1, 12, 34, 56, 789));
    const bars = ms / bucketMsOf(window);
    assert.ok(bars <= 240 && bars >= 40, `${bars} bars of ${ms} ms`);
    const marks = axisMarks(window, axisStep(window, 8));
    assert.ok(marks.length >= 1 && marks.length <= 9, `${marks.length} marks of ${ms} ms`);
    assert.ok(marks.every((mark) => mark >= window.from && mark < window.to));
  }
});
