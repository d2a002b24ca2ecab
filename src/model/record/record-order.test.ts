import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recordOrder, type StampedMoment } from './record-order.ts';

/** A moment so many milliseconds after the beginning, by a clock that may be so much wrong. */
function moment(ms: number, id: string, boundMs?: number, time?: string): StampedMoment {
  const alignedTime = new Date(1_790_000_000_000 + ms).toISOString().replace('Z', '000000Z');
  const bound = boundMs === undefined ? {} : { boundNs: boundMs * 1e6 };
  return {
    time: time ?? '2026-09-21T13:33:20.5Z',
    alignedTime,
    clock: { id, offsetNs: 0, ...bound, method: 'span-pairs' },
  };
}

describe('which of two records was first', () => {
  test('is told by one clock to the last digit, however wrong it is', () => {
    assert.equal(recordOrder(moment(1, 'a', 500), moment(2, 'a', 500)), 'before');
    assert.equal(recordOrder(moment(2, 'a'), moment(1, 'a')), 'after');
    assert.equal(recordOrder(moment(1, 'a'), moment(1, 'a')), 'cannot tell');
  });

  test('is not told within a second by one clock of which one stamp has no fraction', () => {
    const whole = moment(0, 'a', 1, '2026-09-21T13:33:20.000000000Z');
    assert.equal(recordOrder(whole, moment(400, 'a', 1)), 'cannot tell');
    assert.equal(recordOrder(whole, moment(1_400, 'a', 1)), 'before');
    const next = moment(1_000, 'a', 1, '2026-09-21T13:33:21.000000000Z');
    assert.equal(recordOrder(whole, next), 'before');
  });

  test('is told by two clocks only beyond what both may be wrong', () => {
    assert.equal(recordOrder(moment(0, 'a', 2), moment(6, 'b', 3)), 'before');
    assert.equal(recordOrder(moment(6, 'a', 2), moment(0, 'b', 3)), 'after');
    assert.equal(recordOrder(moment(0, 'a', 2), moment(5, 'b', 3)), 'cannot tell');
  });

  test('is not told by a clock that nothing bounds, nor by records without a clock', () => {
    assert.equal(recordOrder(moment(0, 'a', 2), moment(60_000, 'b')), 'cannot tell');
    assert.equal(recordOrder(moment(0, ''), moment(60_000, '')), 'cannot tell');
  });
});
