import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { silentLog } from '../base/log.ts';
import { unwrap } from '../base/result.ts';
import type { Reject } from '../model/record/timeline-record.ts';
import type { RunningSource, Source, SourceContext } from '../ports/source.ts';
import { MemoryTelemetryStore, type StoredRow } from './memory-telemetry-store.ts';
import { runningClock } from './running-clock.ts';

/** What an adapter brings to be tested: a source and a sender that feeds it. */
export interface SourceSubject {
  readonly source: Source<unknown>;
  /** Settings as a user writes them; the adapter's schema parses them. */
  readonly settings: unknown;
  /**
   * Sends one record for each text, and sends again what was refused, as a good sender does.
   * Resolves when the sender has nothing left to do.
   */
  send(running: RunningSource, texts: readonly string[]): Promise<void>;
  /** Sends what is no record at all; the source must survive it. */
  sendGarbage(running: RunningSource): Promise<void>;
  /** Whether senders are told what became of each request; then a refusal is their reject. */
  readonly isAnswered?: boolean;
  /** The text a record was made of, where that is not its body. */
  textOf?(row: StoredRow): string;
  /** Removes what it made. */
  remove(): Promise<void>;
}

/** Nothing is sent for longer than this in the suite; a hang must fail, not stop the run. */
const PATIENCE_MS = 20_000;

/** Holds a source to its port. `make` brings a fresh one for each test. */
export function testSource(name: string, make: () => Promise<SourceSubject>): void {
  describe(`source ${name}`, { timeout: PATIENCE_MS * 3 }, () => {
    let subject: SourceSubject;
    let store: MemoryTelemetryStore;
    let rejects: Reject[];
    let running: RunningSource | undefined;

    const start = async (): Promise<RunningSource> => {
      const spec = await parse(subject);
      running = unwrap(await subject.source.start(spec, contextOf(store, rejects)));
      return running;
    };
    const textOf = (row: StoredRow): string => subject.textOf?.(row) ?? row.body;
    const texts = (): readonly string[] => store.rows.map(textOf).toSorted();

    beforeEach(async () => {
      subject = await make();
      store = new MemoryTelemetryStore();
      rejects = [];
    });
    afterEach(async () => {
      await running?.stop();
      running = undefined;
      await subject.remove();
    });

    test('stores each record once, with its source and the time of arrival', async () => {
      const source = await start();
      await subject.send(source, ['one', 'two', 'three']);
      await store.hold(3);
      assert.deepEqual(texts(), ['one', 'three', 'two']);
      for (const row of store.rows) {
        assert.equal(row.source, 'source-under-test');
        assert.ok(row.observedNs > 0n);
      }
      assert.equal(source.status().state, 'running');
    });

    test('loses and repeats nothing while the store refuses', async () => {
      const source = await start();
      await subject.send(source, ['before']);
      await store.hold(1);
      store.refuse(2);
      await subject.send(source, ['during']);
      await store.hold(2);
      await subject.send(source, ['after']);
      await store.hold(3);
      assert.deepEqual(texts(), ['after', 'before', 'during']);
      assert.equal(store.refused, 2);
    });

    test('goes on when the store refuses a batch for good, and says so', async () => {
      const source = await start();
      store.refuse(1, 'LG_STORE_BATCH_INVALID');
      await subject.send(source, ['unstorable']);
      while (store.refused === 0) await new Promise((resolve) => setImmediate(resolve));
      await subject.send(source, ['after']);
      for (let rows = 1; !texts().includes('after'); rows += 1) await store.hold(rows);
      if (subject.isAnswered === true) return;
      assert.deepEqual(texts(), ['after']);
      assert.match(rejects[0]?.reason ?? '', /refused 1 records for good: LG_STORE_BATCH_INVALID/);
      assert.equal(rejects.length, 1);
    });

    test('goes on where it stood after a restart', async () => {
      const first = await start();
      await subject.send(first, ['a', 'b']);
      await store.hold(2);
      await first.stop();
      const second = await start();
      await subject.send(second, ['c']);
      await store.hold(3);
      assert.deepEqual(texts(), ['a', 'b', 'c']);
    });

    test('survives garbage and goes on', async () => {
      const source = await start();
      await subject.sendGarbage(source);
      await subject.send(source, ['sound']);
      for (let rows = 1; !texts().includes('sound'); rows += 1) await store.hold(rows);
      assert.equal(texts().filter((text) => text === 'sound').length, 1);
      assert.ok(rejects.length > 0);
    });

    test('stops once, also when told twice', async () => {
      const source = await start();
      await Promise.all([source.stop(), source.stop()]);
      await source.stop();
      assert.equal(source.status().state, 'off');
    });

    test('refuses settings it does not know', async () => {
      const settings = { ...Object(subject.settings), 'no-such-setting': true };
      const result = await subject.source.specSchema['~standard'].validate(settings);
      assert.ok(result.issues !== undefined && result.issues.length > 0);
    });
  });
}

async function parse(subject: SourceSubject): Promise<unknown> {
  const result = await subject.source.specSchema['~standard'].validate(subject.settings);
  assert.equal(result.issues, undefined);
  return 'value' in result ? result.value : undefined;
}

function contextOf(store: MemoryTelemetryStore, rejects: Reject[]): SourceContext {
  const id = 'source-under-test';
  return {
    id,
    clock: runningClock(),
    log: silentLog,
    deliver: (batch, origin) => store.append(batch, { source: id, ...origin }),
    position: () => store.position(id),
    reject: (reject) => rejects.push(reject),
    shed: () => undefined,
    refuse: () => undefined,
  };
}
