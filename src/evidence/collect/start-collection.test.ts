import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLog } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';
import type { SourceState } from '../../model/evidence/store-status.ts';
import type { RunningSource, Source, SourceContext } from '../../ports/source.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryTelemetryStore } from '../../testing/memory-telemetry-store.ts';
import type { SourceEntry } from './source-entry.ts';
import { startCollection } from './start-collection.ts';

/** A source that a test drives by hand. */
class HandSource implements Source<unknown> {
  readonly kind = 'hand';
  readonly specSchema = {
    '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) },
  };
  /** Outcomes of the next starts; after them every start succeeds. */
  readonly failures: (Result<never> | Error)[] = [];
  starts = 0;
  stops = 0;
  state: SourceState['state'] = 'running';
  context: SourceContext | undefined;

  start(_spec: unknown, context: SourceContext): Promise<Result<RunningSource>> {
    this.starts += 1;
    this.context = context;
    const failure = this.failures.shift();
    if (failure instanceof Error) throw failure;
    if (failure !== undefined) return Promise.resolve(failure);
    this.state = 'running';
    const status = (): SourceState => ({ state: this.state, target: 'by hand' });
    const stop = (): Promise<void> => {
      this.stops += 1;
      return Promise.resolve();
    };
    return Promise.resolve(ok({ status, stop }));
  }

  send(body: string) {
    const builder = new RecordBatchBuilder();
    builder.add({ kind: 'log', observedNs: 1n, source: 'hand', body });
    return this.context?.deliver(builder.build(), { sender: 'test', position: body });
  }
}

const entry = (id: string, source: HandSource, spec: unknown = {}): SourceEntry => ({
  id,
  kind: 'hand',
  source,
  spec,
});

const parts = (onBatch: (batch: RecordBatch) => void = () => undefined) => ({
  store: new MemoryTelemetryStore(),
  onBatch,
  clock: new ManualClock(),
  log: silentLog,
});

/** Lets promises that are already settled go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('collection', () => {
  test('starts although a port is taken, says what to do, and runs once it is free', async () => {
    const [taken, fine] = [new HandSource(), new HandSource()];
    const error = err(lgError('LG_RUNTIME_PORT_TAKEN', 'OTLP/HTTP on 127.0.0.1:4318'));
    taken.failures.push(error, error);
    const world = parts();
    const collection = await startCollection({
      ...world,
      sources: [entry('otlp', taken), entry('files', fine)],
    });
    assert.deepEqual(
      collection.status().map(({ id, state }) => [id, state]),
      [
        ['otlp', 'failed'],
        ['files', 'running'],
      ],
    );
    assert.match(collection.status()[0]?.problem ?? '', /127\.0\.0\.1:4318.*move the listener/);
    for (let wait = 0; wait < 4; wait += 1) {
      world.clock.advance(1_000);
      await settle();
    }
    assert.equal(taken.starts, 3);
    assert.equal(collection.status()[0]?.state, 'running');
    assert.equal(collection.status()[0]?.problem, undefined);
    await collection.stop();
  });

  test('survives a source that throws', async () => {
    const broken = new HandSource();
    broken.failures.push(new Error('a bug of the adapter'));
    const collection = await startCollection({ ...parts(), sources: [entry('broken', broken)] });
    assert.match(collection.status()[0]?.problem ?? '', /a bug of the adapter/);
    await collection.stop();
  });

  test('starts a source again that failed at work', async () => {
    const source = new HandSource();
    const world = parts();
    const collection = await startCollection({ ...world, sources: [entry('a', source)] });
    source.state = 'failed';
    world.clock.advance(2_000);
    await settle();
    assert.equal(source.stops, 1);
    world.clock.advance(1_000);
    await settle();
    assert.equal(source.starts, 2);
    assert.equal(collection.status()[0]?.state, 'running');
    await collection.stop();
  });

  test('tells detection of a batch only after it is durable', async () => {
    const source = new HandSource();
    const seen: number[] = [];
    const world = parts(() => {
      seen.push(world.store.rows.length);
      throw new Error('a bug of detection');
    });
    const collection = await startCollection({ ...world, sources: [entry('a', source)] });
    world.store.refuse(1);
    assert.equal((await source.send('one'))?.ok, false);
    assert.deepEqual(seen, []);
    // A throw of detection must not make the sender repeat what is stored.
    assert.equal((await source.send('one'))?.ok, true);
    assert.deepEqual(seen, [1]);
    assert.equal(collection.status()[0]?.records, 1);
    assert.equal(source.context?.position(), 'one');
    await collection.stop();
  });

  test('counts all rejects and keeps the newest hundred', async () => {
    const source = new HandSource();
    const collection = await startCollection({ ...parts(), sources: [entry('a', source)] });
    for (let input = 0; input < 250; input += 1) {
      source.context?.reject({ reason: 'unreadable', input: `input ${input}` });
    }
    assert.equal(collection.status()[0]?.rejects, 250);
    const kept = collection.rejects('a').map(({ input }) => input);
    assert.equal(kept.length, 100);
    assert.deepEqual([kept[0], kept[99]], ['input 150', 'input 249']);
    assert.deepEqual(collection.rejects('b'), []);
    await collection.stop();
  });

  test('goes on behind what rules left out, and tells detection of all of it', async () => {
    const source = new HandSource();
    const seen: number[] = [];
    const world = parts((batch) => seen.push(batch.rows));
    const match = { text: 'noise', minSeverity: 0, maxSeverity: 16 };
    const rules = [{ name: 'noise', match, do: 'drop' as const }];
    const collection = await startCollection({
      ...world,
      sources: [{ ...entry('a', source), rules }],
    });
    await source.send('noise');
    assert.equal(world.store.rows.length, 0);
    assert.equal(source.context?.position(), 'noise', 'a restart does not read it again');
    assert.deepEqual(seen, [1]);
    await source.send('signal');
    const [status] = collection.status();
    assert.deepEqual([status?.received, status?.records, status?.leftOut], [2, 1, 1]);
    assert.deepEqual(status?.rules[0]?.example, 'noise');
    // Other rules do not interrupt the source.
    await collection.reconfigure([entry('a', source)]);
    await source.send('more noise');
    assert.deepEqual([world.store.rows.length, source.starts], [2, 1]);
    await collection.stop();
  });

  test('accounts for what was refused, shed and is behind', async () => {
    const source = new HandSource();
    const world = parts();
    const collection = await startCollection({ ...world, sources: [entry('a', source)] });
    world.store.refuse(1);
    await source.send('one');
    world.clock.advance(3_000);
    source.context?.shed(5, 'too fast');
    source.context?.refuse();
    const [behind] = collection.status();
    assert.deepEqual([behind?.refused, behind?.lagMs, behind?.shed], [2, 3_000, 5]);
    assert.deepEqual(behind?.shedBy, [{ why: 'too fast', records: 5 }]);
    assert.match(behind?.problem ?? '', /LG_INGEST_OVERLOADED: too fast/);
    await source.send('one');
    world.clock.advance(60_001);
    const [after] = collection.status();
    assert.deepEqual([after?.records, after?.lagMs, after?.shed], [1, 0, 5]);
    assert.equal(after?.problem, undefined, 'what was shed long ago is a number only');
    await collection.stop();
  });

  test('leaves a source at work whose settings did not change', async () => {
    const [same, changed, gone] = [new HandSource(), new HandSource(), new HandSource()];
    const collection = await startCollection({
      ...parts(),
      sources: [entry('same', same, { a: 1 }), entry('changed', changed), entry('gone', gone)],
    });
    await collection.reconfigure([
      entry('changed', changed, { b: 2 }),
      entry('same', same, { a: 1 }),
    ]);
    assert.deepEqual(
      collection.status().map(({ id }) => id),
      ['changed', 'same'],
    );
    assert.deepEqual([same.starts, changed.starts, gone.starts], [1, 2, 1]);
    assert.deepEqual([same.stops, changed.stops, gone.stops], [0, 1, 1]);
    await collection.stop();
    await collection.stop();
    assert.equal(same.stops, 1);
  });

  test('starts anew what was made with something else, such as other senders', async () => {
    const [before, after] = [new HandSource(), new HandSource()];
    const made = (source: HandSource, madeWith: string) => ({ ...entry('a', source), madeWith });
    const collection = await startCollection({ ...parts(), sources: [made(before, 'ours')] });
    await collection.reconfigure([made(after, 'ours')]);
    assert.deepEqual([before.stops, after.starts], [0, 0]);
    await collection.reconfigure([made(after, 'ours and theirs')]);
    assert.deepEqual([before.stops, after.starts], [1, 1]);
    await collection.stop();
  });
});
