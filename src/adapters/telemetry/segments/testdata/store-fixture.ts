import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { newDataKey, open, seal } from '../../../../base/aead.ts';
import { fromBase64, toBase64, utf8 } from '../../../../base/bytes.ts';
import { realDisk, type Disk } from '../../../../base/disk.ts';
import { silentLog } from '../../../../base/log.ts';
import { err, ok, unwrap } from '../../../../base/result.ts';
import { fromUnixMs } from '../../../../base/time.ts';
import { lgError } from '../../../../model/errors/lg-error.ts';
import {
  RecordBatchBuilder,
  type BatchRow,
  type RecordBatch,
} from '../../../../model/record/record-batch.ts';
import type { Clock } from '../../../../ports/clock.ts';
import type { Keyring } from '../../../../ports/keyring.ts';
import type { TelemetryStore } from '../../../../ports/telemetry-store.ts';
import { localChannel } from '../engine/engine-channel.ts';
import type { StoreLimits } from '../limits.ts';
import { openSegmentStore } from '../open-segment-store.ts';

/** A keyring with a key of its own, for tests and measurements. */
export function memoryKeyring(): Keyring {
  const key = newDataKey();
  const context = utf8('test');
  return {
    keyId: 'test',
    wrap: (dataKey) =>
      Promise.resolve({ keyId: 'test', wrapped: toBase64(seal(key, dataKey, context)) }),
    unwrap: ({ wrapped }) => {
      const plain = open(key, fromBase64(wrapped), context);
      const wrong = lgError('LG_KEY_WRONG', 'the key of this test does not open it');
      return Promise.resolve(plain === undefined ? err(wrong) : ok(plain));
    },
  };
}

/** The host's clock; its timers keep no test alive. */
export const hostClock: Clock = {
  now: () => fromUnixMs(Date.now()),
  uptimeMs: () => performance.now(),
  bootId: () => 'test',
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Linux keeps it in memory, for whoever may write there. */
const MEMORY = '/dev/shm';

/**
 * A folder for one test's data, in memory where that is possible: broken disks and stopped machines
 * are played by `FaultyDisk`, so a real disk would prove nothing more and be waited for.
 */
export async function testFolder(): Promise<string> {
  const name = 'lastgood-segments-';
  const inMemory = await fs.mkdtemp(`${MEMORY}/${name}`).catch(() => undefined);
  return inMemory ?? (await fs.mkdtemp(`${tmpdir()}/${name}`));
}

/** Opens a store with the host's clock, a silent log and an engine without its own thread. */
export async function openForTest(
  folder: string,
  keyring: Keyring,
  disk: Disk = realDisk,
  limits: Partial<StoreLimits> = {},
): Promise<TelemetryStore> {
  const parts = { folder, disk, keyring, clock: hostClock, log: silentLog, limits };
  return unwrap(await openSegmentStore({ ...parts, startEngine: localChannel }));
}

/** A batch of rows of the source `test`. */
export function testBatch(rows: readonly Omit<BatchRow, 'kind' | 'source'>[]): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const row of rows) builder.add({ kind: 'log', source: 'test', ...row });
  return builder.build();
}
