import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { silentLog } from '../../../base/log.ts';
import { unwrap } from '../../../base/result.ts';
import type { AddLine } from '../../../ports/normalizer.ts';
import type { RunningSource } from '../../../ports/source.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { localFileAccess, type FileAccess } from './file-access.ts';
import { createFileSource } from './file-source.ts';
import { LINE_BYTES_MAX } from './cut-lines.ts';

/** Lines as they stand: what lines mean is tested where they are normalized. */
const addLine: AddLine = (line, origin, into) => {
  const attributes = JSON.stringify(origin.attributes);
  const { observedNs, position } = origin;
  into.add({ kind: 'log', observedNs, source: 'files', body: line, attributes, position });
};

describe('file source', { timeout: 60_000 }, () => {
  let folder: string;
  let store: MemoryTelemetryStore;
  let rejects: string[];
  let running: RunningSource | undefined;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-follow-'));
    store = new MemoryTelemetryStore();
    rejects = [];
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await fs.rm(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);
  const append = (name: string, ...lines: readonly string[]): Promise<void> =>
    fs.appendFile(path(name), lines.map((line) => `${line}\n`).join(''));
  const bodies = (): readonly string[] => store.rows.map(({ body }) => body);

  const start = async (
    pattern: string,
    access: FileAccess = localFileAccess,
    more: object = {},
  ): Promise<void> => {
    const source = createFileSource({ access, addLineOf: () => addLine, resource: {} });
    const settings = { paths: [path(pattern)], pollMs: 5, lookMs: 5, flushMs: 40, ...more };
    const parsed = await source.specSchema['~standard'].validate(settings);
    assert.ok(parsed.issues === undefined);
    running = unwrap(
      await source.start(parsed.value, {
        id: 'files',
        clock: runningClock(),
        log: silentLog,
        deliver: (batch, origin) => store.append(batch, { source: 'files', ...origin }),
        position: () => store.position('files'),
        reject: ({ reason }) => rejects.push(reason),
        shed: () => undefined,
        refuse: () => undefined,
      }),
    );
  };
  const restart = async (pattern: string): Promise<void> => {
    await running?.stop();
    await start(pattern);
  };

  test('reads what stands in files at the first start, and what is appended', async () => {
    await append('a.log', 'one', 'two');
    await start('*.log');
    await store.hold(2);
    await append('a.log', 'three');
    await append('b.log', 'four');
    await store.hold(4);
    assert.deepEqual([...bodies()].toSorted(), ['four', 'one', 'three', 'two']);
    assert.match(store.rows[0]?.attributes ?? '', /"log.file.name":"a.log"/);
  });

  test('finishes a renamed file before and after its successor appears', async () => {
    await append('app.log', 'old 1');
    await start('app.log');
    await store.hold(1);
    await fs.rename(path('app.log'), path('app.log.1'));
    await append('app.log.1', 'old 2');
    await append('app.log', 'new 1');
    await store.hold(3);
    await append('app.log.1', 'old 3');
    await store.hold(4);
    assert.deepEqual([...bodies()].toSorted(), ['new 1', 'old 1', 'old 2', 'old 3']);
  });

  test('reads on in a file that was renamed while the source was down', async () => {
    await append('app.log', 'old 1', 'old 2');
    await start('app.log');
    await store.hold(2);
    await running?.stop();
    await append('app.log', 'old 3');
    await fs.rename(path('app.log'), path('app.log.1'));
    await append('app.log', 'new 1');
    await start('app.log');
    await store.hold(4);
    assert.deepEqual([...bodies()].toSorted(), ['new 1', 'old 1', 'old 2', 'old 3']);
  });

  test('starts at the beginning of a file that was cut, even if it is longer now', async () => {
    await append('app.log', 'first life', 'of this file');
    await start('app.log');
    await store.hold(2);
    await fs.writeFile(path('app.log'), 'second life, a longer line than all of the first life\n');
    await store.hold(3);
    await fs.writeFile(path('app.log'), 'third\n');
    await store.hold(4);
    assert.deepEqual(bodies().slice(2), [
      'second life, a longer line than all of the first life',
      'third',
    ]);
  });

  test('does not read the copy that copytruncate makes a second time', async () => {
    await append('app.log', 'one', 'two');
    await start('app.log*');
    await store.hold(2);
    await fs.copyFile(path('app.log'), path('app.log.1'));
    await fs.truncate(path('app.log'));
    await append('app.log', 'three');
    await store.hold(3);
    await fs.writeFile(path('later.log'), '');
    await append('app.log', 'four');
    await store.hold(4);
    await restart('app.log*');
    await append('app.log', 'five');
    await store.hold(5);
    assert.deepEqual(bodies(), ['one', 'two', 'three', 'four', 'five']);
  });

  test('reads no line twice in a copy that is seen while it is written', async () => {
    const old = Array.from({ length: 40 }, (_, line) => `old line ${line} of this file`);
    await append('app.log', ...old);
    let looked = 0;
    const access: FileAccess = {
      ...localFileAccess,
      list(pattern) {
        looked += 1;
        return localFileAccess.list(pattern);
      },
    };
    // The first one may have begun before; the third begins when the second is done.
    const looks = async (): Promise<void> => {
      const enough = looked + 3;
      while (looked < enough) await new Promise((resolve) => setImmediate(resolve));
    };
    await start('app.log*', access);
    await store.hold(40);
    const whole = await fs.readFile(path('app.log'));
    for (const share of [0, 0.01, 0.3, 0.9]) {
      await fs.writeFile(path('app.log.1'), whole.subarray(0, whole.length * share));
      await looks();
    }
    // The last line is added after the copying and before the cut: only the original has it.
    await fs.writeFile(path('app.log.1'), whole);
    await append('app.log', 'between');
    await store.hold(41);
    await fs.truncate(path('app.log'));
    await append('app.log', 'new');
    await store.hold(42);
    await looks();
    await running?.stop();
    await start('app.log*', access);
    await append('app.log', 'newer');
    await store.hold(43);
    await looks();
    assert.deepEqual(bodies(), [...old, 'between', 'new', 'newer']);
  });

  test('reads in a copy what the cut took away from the original', async () => {
    const old = Array.from({ length: 40 }, (_, line) => `old line ${line} of this file`);
    await append('app.log', ...old);
    await start('app.log*');
    await store.hold(40);
    await running?.stop();
    await append('app.log', 'unread');
    await fs.copyFile(path('app.log'), path('app.log.1'));
    await fs.truncate(path('app.log'));
    await append('app.log', 'new');
    await start('app.log*');
    await store.hold(42);
    assert.deepEqual([...bodies()].toSorted(), [...old, 'unread', 'new'].toSorted());
  });

  test('reads a file that begins like another one it is named after', async () => {
    await append('app.log', 'started', 'one', 'two');
    await start('app.log*');
    await store.hold(3);
    await append('app.log.err', 'started');
    await append('app.log.err', 'failed: a line of its own');
    await store.hold(5);
    assert.deepEqual(bodies().slice(3), ['started', 'failed: a line of its own']);
  });

  test('reads of each file only the end where it is told how much', async () => {
    await append('app.log', 'x'.repeat(100), 'y'.repeat(100), 'newest');
    await start('app.log', localFileAccess, { lookBackBytes: 50 });
    await store.hold(1);
    await append('app.log', 'later');
    await store.hold(2);
    assert.deepEqual([bodies(), rejects], [['newest', 'later'], []]);
  });

  test('says that the folder of a pattern may not be read', async () => {
    const closed: FileAccess = { ...localFileAccess, refusal: () => Promise.resolve('EACCES') };
    await start('*.log', closed);
    assert.match(running?.status().problem ?? '', /lastgood-follow-[^/]*: EACCES; grant it: /);
  });

  test('keeps files apart that begin with the same lines', async () => {
    await append('a.log', 'started');
    await start('*.log');
    await store.hold(1);
    await append('b.log', 'started');
    await store.hold(2);
    assert.equal(store.rows.length, 2);
  });

  test('waits for the end of a line, and takes it without its end when nothing comes', async () => {
    await fs.writeFile(path('a.log'), 'whole\nhal');
    await start('a.log');
    await store.hold(1);
    await fs.appendFile(path('a.log'), 'ves\nlast words');
    await store.hold(3);
    assert.deepEqual(bodies(), ['whole', 'halves', 'last words']);
  });

  test('cuts a giant line, passes over its rest, and says so', async () => {
    const giant = 'x'.repeat(LINE_BYTES_MAX * 3 + 7);
    await append('a.log', 'before', giant, 'after');
    await start('a.log');
    await store.hold(3);
    assert.deepEqual(bodies().toSpliced(1, 1), ['before', 'after']);
    assert.equal(bodies()[1]?.length, LINE_BYTES_MAX);
    assert.match(store.rows[1]?.attributes ?? '', /"log.record.truncated":true/);
    assert.equal(rejects.length, 1);
  });

  test('reads CR LF, bytes that are no UTF-8, and skips empty lines', async () => {
    await fs.writeFile(
      path('a.log'),
      Buffer.from('caf\xe9 ol\xe9\r\n\r\n\nna\u00efve\n', 'latin1'),
    );
    await start('a.log');
    await store.hold(2);
    assert.deepEqual(bodies(), ['café olé', 'naïve']);
  });

  test('leaves packed files alone', async () => {
    await fs.writeFile(path('app.log.2.gz'), gzipSync('packed\n'));
    await append('app.log', 'plain');
    await start('app.log*');
    await store.hold(1);
    await restart('app.log*');
    await append('app.log', 'again');
    await store.hold(2);
    assert.deepEqual(bodies(), ['plain', 'again']);
  });

  test('reads the other files when one cannot be read, and says which and why', async () => {
    await append('a.log', 'readable');
    await append('secret.log', 'unreadable');
    const refusing: FileAccess = {
      ...localFileAccess,
      open: (file) =>
        file.endsWith('secret.log')
          ? Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }))
          : localFileAccess.open(file),
    };
    await start('*.log', refusing);
    await store.hold(1);
    assert.match(running?.status().problem ?? '', /secret\.log: EACCES; grant it/);
    await restart('*.log');
    await store.hold(2);
    assert.deepEqual([...bodies()].toSorted(), ['readable', 'unreadable']);
    assert.equal(running?.status().problem, undefined);
  });

  test('stores each line of a storm of rotations, refusals and restarts exactly once', async () => {
    const expected: string[] = [];
    await start('storm.log*');
    for (let round = 0; round < 40; round += 1) {
      const lines = Array.from({ length: 25 }, (_, line) => `round ${round} line ${line}`);
      expected.push(...lines);
      await append('storm.log', ...lines);
      if (round % 4 === 1) await fs.rename(path('storm.log'), path(`storm.log.${round}`));
      if (round % 5 === 2) store.refuse(1);
      if (round % 7 === 3) await restart('storm.log*');
    }
    await store.hold(expected.length);
    await restart('storm.log*');
    await append('storm.log', 'the end');
    await store.hold(expected.length + 1);
    assert.deepEqual([...bodies()].toSorted(), [...expected, 'the end'].toSorted());
  });
});
