import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createKeyFile, openKeyFile } from '../../src/adapters/keyrings/file/file-keyring.ts';
import { openSegmentStore } from '../../src/adapters/telemetry/segments/open-segment-store.ts';
import { realDisk } from '../../src/base/disk.ts';
import { silentLog } from '../../src/base/log.ts';
import { unwrap } from '../../src/base/result.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';

/** How often the collector is killed, each time after another number of batches. */
const KILLS = 4;

/** One life of the collector. */
interface Life {
  readonly child: ChildProcess;
  readonly url: string;
  /** Resolves after that many batches, or when the process ends. */
  batches(count: number): Promise<void>;
  /** Resolves once the store holds that many records, or when the process ends. */
  stored(records: number): Promise<void>;
}

describe('collecting through kill -9', { timeout: 120_000 }, () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-collect-'));
    unwrap(await createKeyFile(join(folder, 'key')));
    await fs.mkdir(join(folder, 'logs'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await fs.rm(folder, { recursive: true });
  });

  const live = async (): Promise<Life> => {
    const program = new URL('collect-through-kills/collector.ts', import.meta.url).pathname;
    const args = [program, join(folder, 'data'), join(folder, 'key'), join(folder, 'logs', '*')];
    const born = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = born;
    let seen = 0;
    let records = 0;
    let waiting: (() => void)[] = [];
    const lines = createInterface({ input: born.stdout });
    const wake = (): void => {
      for (const resolve of waiting) resolve();
      waiting = [];
    };
    const url = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        if (line.startsWith('ready ')) resolve(line.slice('ready '.length));
        else {
          seen += 1;
          records = Number(line.slice('stored '.length));
        }
        wake();
      });
      born.once('exit', (code) => {
        wake();
        reject(new Error(`the collector ended early with ${code}`));
      });
    });
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo() && born.exitCode === null && born.signalCode === null) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    };
    return {
      child: born,
      url,
      batches: (count) => until(() => seen >= count),
      stored: (count) => until(() => records >= count),
    };
  };

  test('stores each line of rotated files and each acknowledged request exactly once', async () => {
    const lines: string[] = [];
    const acknowledged = new Set<string>();
    const attempted: string[] = [];
    for (let kill = 0; kill <= KILLS; kill += 1) {
      const life = await live();
      const isLast = kill === KILLS;
      const ended = once(life.child, 'exit');
      // The number of batches differs from life to life, so it dies at another point of its work.
      const fatal = isLast
        ? undefined
        : life.batches(2 + kill).then(() => life.child.kill('SIGKILL'));
      for (let round = 0; round < 8; round += 1) {
        const some = Array.from(
          { length: 20 },
          (_, line) => `life ${kill} round ${round} line ${line}`,
        );
        lines.push(...some);
        await fs.appendFile(
          join(folder, 'logs', 'app.log'),
          some.map((line) => `${line}\n`).join(''),
        );
        if (round % 3 === 1) await rotate(folder, `${kill}-${round}`);
        // What was sent in an earlier life without an answer is sent again, as senders do.
        attempted.push(`request ${kill}-${round}`);
        for (const body of attempted.filter((text) => !acknowledged.has(text))) {
          if (await post(life.url, body)) acknowledged.add(body);
        }
      }
      if (!isLast) {
        await fatal;
        await ended;
        continue;
      }
      await life.stored(lines.length + attempted.length);
      life.child.kill('SIGKILL');
      await ended;
    }
    const bodies = await storedBodies(folder);
    const fromFiles = bodies.filter((body) => body.startsWith('life'));
    const fromRequests = bodies.filter((body) => body.startsWith('request'));
    assert.deepEqual(fromFiles.toSorted(), lines.toSorted());
    assert.deepEqual(fromRequests.toSorted(), attempted.toSorted());
    assert.equal(acknowledged.size, attempted.length);
  });
});

async function rotate(folder: string, suffix: string): Promise<void> {
  await fs.rename(join(folder, 'logs', 'app.log'), join(folder, 'logs', `app.log.${suffix}`));
}

/** True when it was acknowledged; false when the collector died before that. */
async function post(url: string, text: string): Promise<boolean> {
  const attributes = [{ key: 'log.record.uid', value: { stringValue: text } }];
  const logRecords = [{ body: { stringValue: text }, attributes }];
  try {
    const response = await fetch(`${url}/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    });
    return response.status === 200;
  } catch {
    return false;
  }
}

async function storedBodies(folder: string): Promise<readonly string[]> {
  const store = unwrap(
    await openSegmentStore({
      folder: join(folder, 'data'),
      disk: realDisk,
      keyring: unwrap(await openKeyFile(join(folder, 'key'))),
      clock: hostClock(),
      log: silentLog,
    }),
  );
  const page = unwrap(await store.query({ limit: 10_000, order: 'oldest' }));
  await store.close();
  return page.records.map(({ body }) => String(body));
}
