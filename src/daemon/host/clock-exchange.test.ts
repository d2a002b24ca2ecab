import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { clockExchange, pingAnswer, timedAsk } from './clock-exchange.ts';

/** An uptime that shows these milliseconds, one a look. */
function uptimes(...shown: readonly number[]) {
  const left = [...shown];
  return { uptimeMs: () => left.shift() ?? Number.NaN };
}

const host = { bootId: () => 'b1' };

test('an answer was read after it was asked for and before it came', async () => {
  const { answer, exchange } = await timedAsk(uptimes(5_000, 5_000), async () =>
    ok(pingAnswer(host)),
  );
  assert.ok(answer.ok);
  const { sentMs, theirMs, receivedMs, boot } = clockExchange.parse(exchange);
  assert.ok(sentMs <= theirMs && theirMs <= receivedMs);
  assert.equal(boot, 'b1');
});

test('a late answer says nothing of a clock when we slept meanwhile', async () => {
  for (const [before, after] of [
    [5_000, 305_000],
    [5_000, 5_400],
    [5_000, Number.NaN],
  ] as const) {
    const { answer, exchange } = await timedAsk(uptimes(before, after), async () =>
      ok(pingAnswer(host)),
    );
    assert.deepEqual([answer.ok, exchange], [true, undefined]);
  }
});

test('a runner that answers nothing, garbage, or not at all says nothing', async () => {
  const down = err(lgError('LG_RUNTIME_DEADLINE', 'no answer'));
  for (const said of [ok(null), ok('noon'), ok({ wallMs: 'noon', boot: 'b' }), down]) {
    const { answer, exchange } = await timedAsk(uptimes(0, 0), async () => said);
    assert.deepEqual([answer, exchange], [said, undefined]);
  }
});
