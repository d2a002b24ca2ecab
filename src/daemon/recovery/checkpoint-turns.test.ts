import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckpointTurns } from './checkpoint-turns.ts';

/** Work that ends when it is told to, and notes that it began. */
function work(name: string, began: string[]) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    end: () => resolve(name),
    start: (): Promise<string> => {
      began.push(name);
      return promise;
    },
  };
}

/** Long enough for everything that needs no other to end. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a rollback does not wait for the checkpoint that pictures the trouble', async () => {
  const [turns, began]: [CheckpointTurns, string[]] = [new CheckpointTurns(), []];
  const [picture, scheduled, before] = ['picture', 'scheduled', 'before'].map((name) =>
    work(name, began),
  );
  assert.ok(picture && scheduled && before);
  void turns.take(picture.start, false);
  void turns.take(scheduled.start, false);
  const taken = turns.takeNow(before.start);
  await settled();
  assert.deepEqual(began, ['picture', 'before']);
  before.end();
  assert.equal(await taken, 'before');
  picture.end();
  await settled();
  assert.deepEqual(began, ['picture', 'before', 'scheduled']);
});

test('a rollback waits until frozen components have been let go on', async () => {
  const [turns, began]: [CheckpointTurns, string[]] = [new CheckpointTurns(), []];
  const [frozen, before] = ['frozen', 'before'].map((name) => work(name, began));
  assert.ok(frozen && before);
  void turns.take(frozen.start, true);
  await settled();
  void turns.takeNow(before.start);
  await settled();
  assert.deepEqual(began, ['frozen']);
  frozen.end();
  await settled();
  assert.deepEqual(began, ['frozen', 'before']);
});

test('nobody is frozen while a rollback takes its checkpoint', async () => {
  const [turns, began]: [CheckpointTurns, string[]] = [new CheckpointTurns(), []];
  const [before, frozen] = ['before', 'frozen'].map((name) => work(name, began));
  assert.ok(before && frozen);
  void turns.takeNow(before.start);
  await settled();
  const taken = turns.take(frozen.start, true);
  await settled();
  assert.deepEqual(began, ['before']);
  before.end();
  await settled();
  assert.deepEqual(began, ['before', 'frozen']);
  frozen.end();
  assert.equal(await taken, 'frozen');
});

test('no blob is freed beneath a checkpoint or a backup, and none is taken meanwhile', async () => {
  const [turns, began]: [CheckpointTurns, string[]] = [new CheckpointTurns(), []];
  const [before, freeing, after] = ['before', 'freeing', 'after'].map((name) => work(name, began));
  assert.ok(before && freeing && after);
  const first = turns.takeNow(before.start);
  await settled();
  assert.equal(await turns.free(freeing.start), undefined);
  before.end();
  await first;
  void turns.free(freeing.start);
  await settled();
  const second = turns.takeNow(after.start);
  const kept = turns.keepBlobs();
  await settled();
  assert.deepEqual(began, ['before', 'freeing']);
  freeing.end();
  assert.equal(typeof (await kept), 'function');
  after.end();
  assert.equal(await second, 'after');
});
