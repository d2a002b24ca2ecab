import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Json } from '../base/canonical-json.ts';
import { unwrap, type Result } from '../base/result.ts';
import type { ControlStore } from '../ports/control-store.ts';

/** What an adapter brings to be tested. */
export interface ControlStoreSubject {
  /** Opens the same storage each time; several may be open at once. */
  open(): Promise<ControlStore>;
  /** Removes the storage. */
  remove(): Promise<void>;
  /**
   * A program that opens the same storage and hands it to `appendForEver`; the suite kills it
   * while it writes.
   */
  readonly writer: { readonly program: string; readonly args: readonly string[] };
}

/** The stream that the killed writer appends to. */
const KILLED = 'conformance/killed';

/** How often the writer is killed; each time at another point of its work. */
const KILLS = 5;

/** Runs in the writer's process: appends one entry after the other and says each version. */
export async function appendForEver(store: ControlStore): Promise<never> {
  const past = unwrap(await store.read(KILLED));
  for (let version = past.length; ;) {
    version = unwrap(await store.append(KILLED, version, [{ version: version + 1 }]));
    process.stdout.write(`${version}\n`);
  }
}

/** Holds a control store to its port. `make` brings fresh storage for each test. */
export function testControlStore(name: string, make: () => Promise<ControlStoreSubject>): void {
  describe(`control store ${name}`, () => {
    let subject: ControlStoreSubject;
    let store: ControlStore;
    beforeEach(async () => {
      subject = await make();
      store = await subject.open();
    });
    afterEach(async () => {
      await store.close();
      await subject.remove();
    });
    testStreams(() => store);
    testDecisions(() => ({ store, subject }));
    testKills(() => subject);
  });
}

function testStreams(current: () => ControlStore): void {
  test('a stream answers what was appended to it, in order and from any version', async () => {
    const store = current();
    const entries: Json[] = [{ a: 1 }, 'text', null, [1, 2, { deep: true }], 4.5];
    assert.equal(unwrap(await store.append('s', 0, entries.slice(0, 2))), 2);
    assert.equal(unwrap(await store.append('s', 2, entries.slice(2))), 5);
    const all = entries.map((entry, index) => ({ version: index + 1, entry }));
    assert.deepEqual(unwrap(await store.read('s')), all);
    assert.deepEqual(unwrap(await store.read('s', 3)), all.slice(3));
    assert.deepEqual(unwrap(await store.read('s', 5)), []);
    assert.deepEqual(unwrap(await store.read('nothing')), []);
  });

  test('streams are listed by prefix and sorted, whatever signs are in their names', async () => {
    const store = current();
    for (const stream of ['run/b', 'run/a', 'run_x', 'run%', 'incident/1', 'Run/a', 'ü/1']) {
      unwrap(await store.append(stream, 0, [1]));
    }
    assert.deepEqual(unwrap(await store.streams('run/')), ['run/a', 'run/b']);
    assert.deepEqual(unwrap(await store.streams('ü/')), ['ü/1']);
    assert.equal(unwrap(await store.streams('')).length, 7);
  });

  test('a dropped stream is empty and starts anew, and others stay', async () => {
    const store = current();
    unwrap(await store.append('old', 0, [1, 2]));
    unwrap(await store.append('kept', 0, [1]));
    unwrap(await store.drop('old'));
    unwrap(await store.drop('old'));
    assert.deepEqual(unwrap(await store.read('old')), []);
    assert.equal(unwrap(await store.append('old', 0, [3])), 1);
    assert.equal(unwrap(await store.read('kept')).length, 1);
  });

  test('closing twice is fine, and a closed store says so', async () => {
    const store = current();
    await store.close();
    await store.close();
    assert.equal(codeOf(await store.append('s', 0, [1])), 'LG_STORE_CLOSED');
    assert.equal(codeOf(await store.read('s')), 'LG_STORE_CLOSED');
  });
}

interface Current {
  readonly store: ControlStore;
  readonly subject: ControlStoreSubject;
}

function testDecisions(current: () => Current): void {
  test('of two writers with the same expectation exactly one wins', async () => {
    const { store, subject } = current();
    const second = await subject.open();
    try {
      for (let round = 0; round < 20; round += 1) {
        const results = await Promise.all(
          [store, second].map((writer, who) => writer.append('decision', round, [{ who, round }])),
        );
        const codes = results.map(codeOf).toSorted();
        assert.deepEqual(codes, ['LG_STORE_CONFLICT', 'ok']);
        const stored = unwrap(await second.read('decision', round));
        const winner = results.findIndex((result) => result.ok);
        assert.deepEqual(stored, [{ version: round + 1, entry: { who: winner, round } }]);
      }
    } finally {
      await second.close();
    }
  });

  test('an append that conflicts leaves nothing of its entries', async () => {
    const { store } = current();
    unwrap(await store.append('s', 0, [1]));
    for (const expected of [0, 2, 7]) {
      assert.equal(codeOf(await store.append('s', expected, [8, 9])), 'LG_STORE_CONFLICT');
    }
    assert.deepEqual(unwrap(await store.read('s')), [{ version: 1, entry: 1 }]);
  });

  test('fencing tokens only grow, also over holders and restarts', async () => {
    const { store, subject } = current();
    const first = unwrap(await store.fence('daemon', 'a'));
    const second = unwrap(await store.fence('daemon', 'b'));
    assert.ok(second > first);
    unwrap(await store.fence('other', 'a'));
    await store.close();
    const again = await subject.open();
    try {
      assert.ok(unwrap(await again.fence('daemon', 'a')) > second);
    } finally {
      await again.close();
    }
  });
}

function testKills(current: () => ControlStoreSubject): void {
  test('every entry acknowledged before a kill -9 is there after it, and no torn one', async () => {
    const subject = current();
    let told = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      told = await killedAfter(subject, told + kill * 7);
      const store = await subject.open();
      try {
        const stored = unwrap(await store.read(KILLED));
        assert.ok(stored.length >= told, `${told} acknowledged, ${stored.length} stored`);
        assert.ok(stored.length <= told + 1, 'more stored than the writer could have sent');
        for (const [index, { version, entry }] of stored.entries()) {
          assert.equal(version, index + 1);
          assert.deepEqual(entry, { version });
        }
        told = stored.length;
      } finally {
        await store.close();
      }
    }
  });
}

/** Runs the writer, kills it once it has said at least `target`; answers the last it said. */
async function killedAfter(subject: ControlStoreSubject, target: number): Promise<number> {
  const { program, args } = subject.writer;
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line);
    if (told >= target) child.kill('SIGKILL');
  }
  await ended;
  assert.equal(child.signalCode, 'SIGKILL', 'the writer ended by itself');
  return told;
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}
