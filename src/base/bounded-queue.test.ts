import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BoundedQueue } from './bounded-queue.ts';

test('a queue keeps order, never exceeds its capacity and refuses what does not fit', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(), { nil: undefined })), (actions) => {
      const queue = new BoundedQueue<number>(4);
      const model: number[] = [];
      for (const action of actions) {
        if (action === undefined) assert.equal(queue.shift(), model.shift());
        else if (queue.push(action)) model.push(action);
        else assert.equal(model.length, 4);
        assert.equal(queue.length, model.length);
      }
    }),
  );
});
