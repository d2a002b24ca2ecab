import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { realDisk, type Disk } from '../../../base/disk.ts';
import { silentLog } from '../../../base/log.ts';
import { unwrap } from '../../../base/result.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { FaultyDisk } from '../../../testing/faulty-disk.ts';
import { memoryKeyring } from '../../../testing/memory-keyring.ts';
import { addressOf, packPayload } from './blob-payload.ts';
import { BlobThread } from './blob-thread.ts';
import { LocalVault, openLocalVault } from './local-vault.ts';

const keyring = memoryKeyring(new Uint8Array(32).fill(7));
const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-blobs-'));
after(() => fs.rm(root, { recursive: true, force: true }));

/** Enough that a thread works on most of it; half of it compresses. */
const BLOBS = Array.from({ length: 800 }, (_, index) => {
  const noise = randomBytes(20_000 + index);
  return index % 2 === 0 ? noise : Buffer.from(noise.toString('hex'));
});

/** Stores all from one memory, which is used again as soon as each is said to be stored. */
async function putAll(vault: LocalVault): Promise<readonly BlobHash[]> {
  const memory = Buffer.alloc(64 * 1024);
  const hashes: BlobHash[] = [];
  for (const blob of BLOBS) {
    blob.copy(memory);
    hashes.push(unwrap(await vault.put(memory.subarray(0, blob.length))));
    memory.fill(0);
  }
  return hashes;
}

async function assertAll(vault: LocalVault, hashes: readonly BlobHash[]): Promise<void> {
  const back = await Promise.all(hashes.map((hash) => vault.get(hash)));
  for (const [index, blob] of back.entries()) {
    assert.deepEqual(Buffer.from(unwrap(blob)), BLOBS[index], `blob ${index}`);
  }
}

test('many blobs are stored from one memory, and read many at a time, as they are', async () => {
  const folder = join(root, 'many');
  const vault = unwrap(await openLocalVault({ folder, keyring }));
  const hashes = await putAll(vault);
  assert.deepEqual(hashes, BLOBS.map(addressOf));
  assert.ok(hashes.every((hash) => vault.has(hash)));
  await assertAll(vault, hashes);
  unwrap(await vault.flush());
  await vault.close();
  const opened = unwrap(await openLocalVault({ folder, keyring, readOnly: true }));
  await assertAll(opened, hashes);
  await opened.close();
});

test('where many blobs have no room the flush says so, and none of them seems stored', async () => {
  const disk = new FaultyDisk(realDisk);
  const vault = unwrap(await openLocalVault({ folder: join(root, 'full'), keyring, disk }));
  disk.setFreeBytes(1_000_000);
  const hashes = await putAll(vault);
  const flushed = await vault.flush();
  assert.equal(flushed.ok ? '' : flushed.error.code, 'LG_STORE_DISK_FULL');
  assert.ok(!hashes.some((hash) => vault.has(hash)));
  disk.setFreeBytes(Number.POSITIVE_INFINITY);
  await assertAll(vault, await putAll(vault));
  unwrap(await vault.flush());
  await vault.close();
});

test('an altered pack gives no wrong blob to many readers and keeps the others', async () => {
  const folder = join(root, 'altered');
  const vault = unwrap(await openLocalVault({ folder, keyring }));
  const hashes = await putAll(vault);
  await vault.close();
  const [name = ''] = await fs.readdir(folder);
  const bytes = await fs.readFile(join(folder, name));
  // Longer than the word before a record, which readers need not look at: one or two are hit.
  const middle = bytes.length >> 1;
  for (let at = middle; at < middle + 5; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 1;
  await fs.writeFile(join(folder, name), bytes);
  const opened = unwrap(await openLocalVault({ folder, keyring, readOnly: true }));
  const back = await Promise.all(hashes.map((hash) => opened.get(hash)));
  const bad = back.filter((blob) => !blob.ok);
  assert.ok(bad.length === 1 || bad.length === 2, `${bad.length} are bad`);
  for (const [index, blob] of back.entries()) {
    if (blob.ok) assert.deepEqual(Buffer.from(blob.value), BLOBS[index]);
  }
  await opened.close();
});

test('a thread that is ended tells who waits, and the next blob gets another one', async () => {
  const thread = new BlobThread();
  const [blob = Buffer.alloc(0)] = BLOBS;
  const waiting = thread.pack(blob);
  await thread.end();
  assert.equal(await waiting, undefined);
  assert.equal((await thread.pack(blob))?.isCompressed, packPayload(blob).isCompressed);
  await thread.end();
});

/** Ends as soon as it is given its first blob, before it has even started. */
class ShortLived extends BlobThread {
  ended: Promise<void> | undefined;

  override pack(blob: Uint8Array): ReturnType<BlobThread['pack']> {
    const packing = super.pack(blob);
    this.ended ??= this.end();
    return packing;
  }
}

test('a thread that ends beneath a slow disk fails the flush and nothing else', async () => {
  const gate = Promise.withResolvers<void>();
  const slow: Disk = {
    ...realDisk,
    rename: async (from, to) => {
      await gate.promise;
      await realDisk.rename(from, to);
    },
  };
  const thread = new ShortLived();
  const folder = join(root, 'slow');
  const setting = { folder, keyring, disk: slow, log: silentLog, readOnly: false };
  const vault = new LocalVault(setting, thread);
  unwrap(await vault.load());
  const blobs = Array.from({ length: 14 }, () => randomBytes(4_000_000));
  // Two packs are full before the first one is on the disk, so that all others have to wait.
  const putting = Promise.all(blobs.map((blob) => vault.put(blob)));
  await thread.ended;
  gate.resolve();
  await putting;
  const flushed = await vault.flush();
  assert.equal(flushed.ok ? '' : flushed.error.code, 'LG_STORE_WRITE_FAILED');
  for (const blob of blobs) unwrap(await vault.put(blob));
  unwrap(await vault.flush());
  for (const blob of blobs) {
    assert.deepEqual(Buffer.from(unwrap(await vault.get(addressOf(blob)))), blob);
  }
  await vault.close();
  assert.equal((await vault.put(randomBytes(1_000_000))).ok, false);
});
