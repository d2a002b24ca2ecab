import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { unwrap } from '../../../base/result.ts';
import { looseText } from '../../../base/text-slice.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { Normalizer } from '../../../ports/normalizer.ts';
import type { RunningSource } from '../../../ports/source.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { createJournaldSource } from './journald-source.ts';
import { WrittenJournal } from './testdata/written-journal.ts';

/** Entries as far as these tests look at them: their format is tested where it is parsed. */
function entriesOnly(): Normalizer {
  let rest = '';
  return {
    push(bytes) {
      const entries = `${rest}${looseText(bytes)}`.split('\n\n');
      rest = entries.pop() ?? '';
      const into = new RecordBatchBuilder();
      for (const entry of entries) {
        const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(entry)?.[1];
        const [position, body] = [of('__CURSOR'), of('MESSAGE')];
        into.add({ kind: 'log', observedNs: 1n, source: 'journal', body, position });
      }
      return entries.length === 0 ? [] : [{ kind: 'batch', batch: into.build() }];
    },
    end: () => [],
  };
}

describe('journald source', { timeout: 60_000 }, () => {
  let journal: WrittenJournal;
  let store: MemoryTelemetryStore;
  let running: RunningSource | undefined;
  let refusesEntries = false;

  beforeEach(async () => {
    refusesEntries = false;
    journal = await WrittenJournal.make();
    store = new MemoryTelemetryStore();
  });
  afterEach(async () => {
    await running?.stop();
    await journal.remove();
  });

  const start = async (program = journal.program, settings: object = {}): Promise<void> => {
    const source = createJournaldSource({
      program,
      normalizerOf: entriesOnly,
      resource: { 'host.name': 'web1' },
      entity: { host: 'web1' },
    });
    const wanted = { directory: journal.folder, ...settings };
    const spec = await source.specSchema['~standard'].validate(wanted);
    assert.ok(spec.issues === undefined);
    running = unwrap(
      await source.start(spec.value, {
        id: 'journal',
        clock: runningClock(),
        log: silentLog,
        position: () => store.position('journal'),
        reject: () => undefined,
        shed: () => undefined,
        refuse: () => undefined,
        deliver(batch, origin) {
          // Only the record of a gap stands nowhere in the journal.
          if (refusesEntries && batch.position[0] !== '') store.refuse(1);
          return store.append(batch, { source: 'journal', ...origin });
        },
      }),
    );
  };
  const restart = async (settings: object = {}): Promise<void> => {
    await running?.stop();
    await start(journal.program, settings);
  };
  const bodies = (): readonly string[] => store.rows.map(({ body }) => body);

  test('tells once that entries were removed before they were read, and goes on', async () => {
    await journal.add('a', 'b');
    await start();
    await store.hold(2);
    await running?.stop();
    await journal.add('c', 'd', 'e');
    await journal.vacuum(3);
    store.refuse(1);
    await start();
    await store.hold(5);
    assert.deepEqual(bodies().toSpliced(2, 1), ['a', 'b', 'd', 'e']);
    const [, , gap] = store.rows;
    assert.equal(gap?.eventName, 'telemetry.source.gap');
    assert.match(gap?.body ?? '', /: 2026-11-20T.* to 2026-11-20T.*, at most 1 entries$/);
    assert.equal(running?.status().gaps, 1);
    await restart();
    await journal.add('f');
    await store.hold(6);
    assert.deepEqual(bodies().slice(3), ['d', 'e', 'f']);
  });

  test('tells a gap once, also when it dies between the telling and the next entry', async () => {
    await journal.add('a');
    await start();
    await store.hold(1);
    await running?.stop();
    await journal.add('b', 'c');
    await journal.vacuum(2);
    refusesEntries = true;
    await start();
    await store.hold(2);
    await restart();
    refusesEntries = false;
    await restart();
    await journal.add('d');
    await store.hold(4);
    assert.deepEqual(
      store.rows.map(({ eventName, body }) => eventName || body),
      ['a', 'telemetry.source.gap', 'c', 'd'],
    );
  });

  test('sees no gap where other entries are asked for than before', async () => {
    await journal.add('a', 'b');
    await start();
    await store.hold(2);
    await journal.vacuum(2);
    await journal.add('c');
    await restart({ units: ['nginx.service'] });
    await store.hold(3);
    assert.deepEqual(bodies(), ['a', 'b', 'c']);
  });

  test('says that journalctl is not there, and what to do', async () => {
    await journal.add('a');
    await start(['/no/such/journalctl']);
    while (running?.status().problem === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match(running.status().problem ?? '', /journalctl is not there; install it/);
  });

  test('waits where there is no journal, and says so', async () => {
    await fs.rm(journal.path);
    await start();
    assert.equal(running?.status().state, 'waiting');
    assert.match(running?.status().problem ?? '', /there is no journal in .*; start systemd-journ/);
  });
});
