import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { localPrograms } from '../../../base/programs.ts';
import { unwrap } from '../../../base/result.ts';
import { looseText } from '../../../base/text-slice.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { Normalizer } from '../../../ports/normalizer.ts';
import type { RunningSource } from '../../../ports/source.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import type { KmsgSourceParts } from './kmsg-parts.ts';
import { createKmsgSource } from './kmsg-source.ts';

/** Messages as far as these tests look at them: their format is tested where it is parsed. */
function messagesOnly(): Normalizer {
  return {
    push(bytes) {
      const into = new RecordBatchBuilder();
      for (const [, position, body] of looseText(bytes).matchAll(/^\d+,(\d+),.*?;(.*)$/gm)) {
        into.add({ kind: 'log', observedNs: 1n, source: 'kernel', body, position });
      }
      return [{ kind: 'batch', batch: into.build() }];
    },
    end: () => [],
  };
}

describe('kmsg source', { timeout: 60_000 }, () => {
  let folder: string;
  let ring: string;
  let store: MemoryTelemetryStore;
  let running: RunningSource | undefined;
  let boot = 'one';

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-kmsg-'));
    ring = join(folder, 'kmsg');
    boot = 'one';
    store = new MemoryTelemetryStore();
    await hold([1, 2]);
  });
  afterEach(async () => {
    await running?.stop();
    await fs.rm(folder, { recursive: true });
  });

  const nowUs = (): number => Number(process.hrtime.bigint()) / 1e3;
  const line = (n: number, atUs = nowUs()): string => `6,${n},${Math.round(atUs)},-;m${n}\n`;
  /** The ring holds these; as the kernel's, it forgets the oldest by itself. */
  const hold = (numbers: readonly number[]): Promise<void> =>
    fs.writeFile(ring, numbers.map((n) => line(n)).join(''));
  const start = async (
    parts: Partial<KmsgSourceParts> = {},
    settings: object = {},
  ): Promise<RunningSource> => {
    await running?.stop();
    const source = createKmsgSource({
      command: ['tail', '-f', '-n', '+1', ring],
      programs: localPrograms,
      normalizerOf: messagesOnly,
      monotonicUs: nowUs,
      resource: { 'host.name': 'web1' },
      entity: { host: 'web1' },
      journal: undefined,
      isFound: false,
      ...parts,
    });
    const spec = await source.specSchema['~standard'].validate(settings);
    assert.ok(spec.issues === undefined);
    running = unwrap(
      await source.start(spec.value, {
        id: 'kernel',
        clock: { ...runningClock(), bootId: () => boot },
        log: silentLog,
        position: () => store.position('kernel'),
        reject: () => undefined,
        shed: () => undefined,
        refuse: () => undefined,
        deliver: (batch, origin) => store.append(batch, { source: 'kernel', ...origin }),
      }),
    );
    return running;
  };
  /** What the ring holds changes while nobody reads it. */
  const restart = async (numbers: readonly number[]): Promise<void> => {
    await running?.stop();
    await hold(numbers);
    await start();
  };
  const told = (): readonly string[] => store.rows.map(({ eventName, body }) => eventName || body);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('goes on behind the last message that is durable', async () => {
    await start();
    await store.hold(2);
    await restart([1, 2, 3]);
    await store.hold(3);
    assert.deepEqual(told(), ['m1', 'm2', 'm3']);
  });

  test('tells once how many messages were written over before they were read', async () => {
    await start();
    await store.hold(2);
    await restart([5, 6]);
    await store.hold(5);
    await start();
    await fs.appendFile(ring, line(7));
    await store.hold(6);
    assert.deepEqual(told(), ['m1', 'm2', 'telemetry.source.gap', 'm5', 'm6', 'm7']);
    assert.match(store.rows[2]?.body ?? '', /^2 messages of the kernel were written .*: 3 to 4$/);
  });

  test('is read again at once where the kernel was faster than the reader', async () => {
    const faster = 'cat "$1"; echo "cat: /dev/kmsg: Broken pipe" >&2';
    const source = await start({ command: ['sh', '-c', faster, 'sh', ring] });
    await store.hold(2);
    await hold([4]);
    await store.hold(4);
    assert.deepEqual(told(), ['m1', 'm2', 'telemetry.source.gap', 'm4']);
    assert.equal(source.status().problem, undefined);
    assert.equal(source.status().gaps, 1);
  });

  test('numbers of another boot begin anew, and nothing of it is left out', async () => {
    await start();
    await store.hold(2);
    await running?.stop();
    boot = 'two';
    await restart([0, 1, 2]);
    await store.hold(5);
    assert.deepEqual(told(), ['m1', 'm2', 'm0', 'm1', 'm2']);
  });

  test('the first start leaves out what is older than it is told', async () => {
    await fs.writeFile(ring, `${line(1, nowUs() - 7200e6)}${line(2)}`);
    await start();
    await store.hold(1);
    assert.deepEqual(told(), ['m2']);
  });

  test('is off where a journal tells the same, unless both are wanted', async () => {
    const off = await start({ journal: 'journal' });
    const target = "the kernel's log, which journal tells";
    assert.deepEqual(off.status(), { state: 'off', target });
    await start({ journal: 'journal' }, { besideJournal: true });
    await store.hold(2);
  });

  test('where it may not be read it says who may, but only to who asked for it', async () => {
    const command = ['sh', '-c', 'echo "cat: /dev/kmsg: Operation not permitted" >&2; exit 1'];
    const source = await start({ command });
    await until(() => source.status().problem !== undefined);
    assert.match(source.status().problem ?? '', /Operation not permitted; root reads it: start/);
    assert.equal(source.status().state, 'waiting');
    const found = await start({ command, isFound: true });
    await until(() => found.status().state === 'off');
    assert.equal(found.status().problem, undefined);
  });
});
