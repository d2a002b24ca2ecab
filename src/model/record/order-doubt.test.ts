import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orderDoubt, type NamedMoment } from './order-doubt.ts';

/** What `name` stamped so many milliseconds after the beginning, by a clock so much wrong. */
function moment(name: string, ms: number, boundMs?: number, clock = name): NamedMoment {
  const at = new Date(1_790_000_000_500 + ms).toISOString();
  const bound = boundMs === undefined ? {} : { boundNs: boundMs * 1e6 };
  return {
    name,
    time: at,
    alignedTime: at,
    clock: { id: clock, offsetNs: 0, ...bound, method: 'x' },
  };
}

describe('why the order of two records cannot be told', () => {
  test('is how far their clocks agree, where both are bounded', () => {
    assert.deepEqual(orderDoubt(moment('till', 0, 100), moment('bank', 50, 20)), {
      kind: 'bounds',
      text: 'clocks of till and bank agree to ±120 ms',
    });
    assert.equal(orderDoubt(moment('till', 0, 100), moment('bank', 121, 20)), undefined);
  });

  test('names each clock that nothing bounds, once', () => {
    const text = (one: NamedMoment, other: NamedMoment) => orderDoubt(one, other)?.text;
    const shelf = moment('shelf', 90_000);
    assert.equal(text(moment('till', 0, 1), shelf), 'nothing bounds the clock of shelf');
    assert.equal(text(moment('till', 0), shelf), 'nothing bounds the clock of till and of shelf');
    const replica = moment('shelf', 0, undefined, 'shelf-2');
    assert.equal(text(replica, shelf), 'nothing bounds the clock of shelf');
  });

  test('is nothing for stamps of one clock, equal ones too, and for clocks that agree', () => {
    assert.equal(orderDoubt(moment('till', 0, 100), moment('till', 0, 100)), undefined);
    assert.equal(orderDoubt(moment('till', 0), moment('till', 1)), undefined);
    assert.equal(orderDoubt(moment('till', 0, 0), moment('bank', 0, 0)), undefined);
  });

  test('is the missing fraction, where one clock is read with and without it', () => {
    const whole = moment('syslog', -500, 1, 'host');
    const doubt = orderDoubt(whole, moment('journal', 0, 1, 'host'));
    assert.equal(doubt?.text, 'one clock stamps syslog and journal, not all to the fraction');
  });
});
