import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TurnQueue } from './turn-queue.ts';

test('work waits for the work before it, and goes on when that failed', async () => {
  const queue = new TurnQueue();
  const order: string[] = [];
  let fail: (why: Error) => void = () => {};
  const first = queue.take(() => {
    order.push('first begins');
    return new Promise<void>((_, reject) => {
      fail = reject;
    });
  });
  const second = queue.take(async () => {
    order.push('second begins');
    return 'done';
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(order, ['first begins']);
  assert.ok(queue.isBusy);
  fail(new Error('the disk is gone'));
  await assert.rejects(first, /the disk is gone/);
  assert.equal(await second, 'done');
  await queue.ended();
  assert.ok(!queue.isBusy);
});
