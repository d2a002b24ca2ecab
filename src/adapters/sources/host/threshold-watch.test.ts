import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CALM, LEVELS, watchValue, type Level } from './threshold-watch.ts';

const limits = { warn: 0.8, critical: 0.95, hysteresis: 0.05, for: 0 };

/** The levels that are told while a value goes this way, one step a second. */
function told(values: readonly number[], settings = limits): readonly (Level | '-')[] {
  let state = CALM;
  return values.map((value, second) => {
    const result = watchValue(state, value, settings, second * 1000);
    state = result.state;
    return result.crossing?.to ?? '-';
  });
}

describe('thresholds', () => {
  test('a value that rises and falls tells each threshold once', () => {
    const path = [0.5, 0.8, 0.85, 0.96, 0.97, 0.91, 0.89, 0.8, 0.76, 0.74, 0.5];
    assert.deepEqual(told(path), [
      '-',
      'warn',
      '-',
      'critical',
      '-',
      '-',
      'warn',
      '-',
      '-',
      'normal',
      '-',
    ]);
  });

  test('a leap over both thresholds is one event', () => {
    assert.deepEqual(told([0.1, 0.99, 0.1]), ['-', 'critical', 'normal']);
  });

  test('a value that trembles at a threshold tells it once', () => {
    assert.deepEqual(told([0.79, 0.81, 0.79, 0.81, 0.79, 0.81]), ['-', 'warn', '-', '-', '-', '-']);
  });

  test('a peak shorter than "for" is nothing, and "for" starts anew after it', () => {
    const patient = { ...limits, for: 3000 };
    assert.deepEqual(told([0.9, 0.9, 0.7, 0.9, 0.9, 0.9, 0.9], patient), [
      '-',
      '-',
      '-',
      '-',
      '-',
      '-',
      'warn',
    ]);
  });

  test('what is told always alternates, and the last told level is the true one in the end', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1000, 3000), (path, waitMs) => {
        const calm = Array.from({ length: 5 }, () => 0);
        const changes = told([...path, ...calm], { ...limits, for: waitMs }).filter(
          (level) => level !== '-',
        );
        assert.ok(changes.every((level, at) => level !== changes[at - 1]));
        assert.equal(changes.at(-1) ?? LEVELS[0], 'normal');
      }),
    );
  });
});
