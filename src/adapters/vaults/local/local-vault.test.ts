import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { realDisk, type Disk } from '../../../base/disk.ts';
import { unwrap } from '../../../base/result.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { FaultyDisk, type FaultMode } from '../../../testing/faulty-disk.ts';
import { memoryKeyring } from '../../../testing/memory-keyring.ts';
import { testVault } from '../../../testing/vault-conformance.ts';
import { openLocalVault, type LocalVault } from './local-vault.ts';

const keyring = memoryKeyring(new Uint8Array(32).fill(7));
const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-vault-'));
after(() => fs.rm(root, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

async function openVault(folder: string, disk: Disk = realDisk): Promise<LocalVault> {
  return unwrap(await openLocalVault({ folder, keyring, disk }));
}

testVault('local', () => {
  const folder = newFolder();
  return Promise.resolve({
    open: () => openVault(folder),
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  });
});

/** What was acknowledged before the world stopped: flushed blobs, and what a prune was to keep. */
interface Acknowledged {
  readonly blobs: Map<BlobHash, Uint8Array>;
  readonly pruned: Set<BlobHash>;
}

/** Stores, flushes, stores again, prunes: every kind of change a vault makes. */
async function live(folder: string, disk: Disk): Promise<Acknowledged> {
  const known: Acknowledged = { blobs: new Map(), pruned: new Set() };
  let vault: LocalVault | undefined;
  try {
    vault = await openVault(folder, disk);
    const { flush: settle, put: store } = bound(vault);
    const waiting = new Map<BlobHash, Uint8Array>();
    const put = async (bytes: Uint8Array): Promise<void> => {
      waiting.set(unwrap(await store(bytes)), bytes);
    };
    const flush = async (): Promise<void> => {
      unwrap(await settle());
      for (const [hash, bytes] of waiting) known.blobs.set(hash, bytes);
    };
    for (const text of ['a', 'b', 'c']) await put(utf8(text.repeat(100)));
    await flush();
    for (const text of ['d', 'e']) await put(utf8(text.repeat(100)));
    await flush();
    const keep = new Set([...known.blobs.keys()].filter((_hash, at) => at % 2 === 0));
    for (const hash of known.blobs.keys()) {
      if (keep.has(hash)) continue;
      known.blobs.delete(hash);
      known.pruned.add(hash);
    }
    unwrap(await vault.prune(keep));
  } catch {
    // The world has stopped; what was acknowledged until then is what counts.
  } finally {
    await vault?.close();
  }
  return known;
}

function bound(vault: LocalVault): Pick<LocalVault, 'put' | 'flush'> {
  return { put: (bytes) => vault.put(bytes), flush: () => vault.flush() };
}

describe('local vault under faults', () => {
  test('keeps every acknowledged blob wherever the world stops', async () => {
    const calm = new FaultyDisk(realDisk);
    await live(newFolder(), calm);
    const count = calm.operations.length;
    assert.ok(count > 15, `only ${count} operations`);
    for (const mode of ['before', 'after', 'torn', 'lost'] satisfies FaultMode[]) {
      for (let at = 0; at < count; at += 1) {
        const folder = newFolder();
        const where = `${mode} operation ${at}, ${calm.operations[at]}`;
        const { blobs } = await live(folder, new FaultyDisk(realDisk, { at, mode }));
        const vault = await openVault(folder);
        for (const [hash, bytes] of blobs) {
          const back = await vault.get(hash);
          assert.ok(back.ok, `${where}: ${back.ok ? '' : back.error.message}`);
          assert.deepEqual(Buffer.from(back.value), Buffer.from(bytes), where);
        }
        // It goes on: stores, prunes and leaves no leftovers.
        unwrap(await vault.put(utf8('after')));
        unwrap(await vault.flush());
        unwrap(await vault.prune(new Set(blobs.keys())));
        assert.equal(vault.size().blobs, blobs.size, where);
        await vault.close();
        const names = await fs.readdir(folder);
        assert.ok(
          names.every((name) => name.endsWith('.pack')),
          where,
        );
        await fs.rm(folder, { recursive: true });
      }
    }
  });

  test('refuses when the disk is full and stores again once there is room', async () => {
    const disk = new FaultyDisk(realDisk);
    const folder = newFolder();
    const vault = await openVault(folder, disk);
    const kept = unwrap(await vault.put(utf8('kept')));
    unwrap(await vault.flush());
    disk.setFreeBytes(100);
    const lost = unwrap(await vault.put(randomBytes(1_000)));
    const refused = await vault.flush();
    assert.equal(refused.ok ? '' : refused.error.code, 'LG_STORE_DISK_FULL');
    const told = /^1000 bytes were to be kept; 0 are free, and 0 more are set aside for this: /;
    assert.match(refused.ok ? '' : refused.error.detail, told);
    assert.equal(vault.has(lost), false);
    disk.setFreeBytes(Number.POSITIVE_INFINITY);
    const again = unwrap(await vault.put(utf8('again')));
    unwrap(await vault.flush());
    await vault.close();
    const after = await openVault(folder);
    for (const hash of [kept, again]) assert.equal((await after.get(hash)).ok, true);
    await after.close();
  });
});

test('a full disk that does not tell its room is told as full all the same', async () => {
  const disk = new FaultyDisk(realDisk);
  const vault = await openVault(newFolder(), disk);
  disk.room = () => realDisk.room(join(root, 'nowhere'));
  disk.setFreeBytes(0);
  unwrap(await vault.put(randomBytes(1_000)));
  const refused = await vault.flush();
  assert.equal(refused.ok ? '' : refused.error.code, 'LG_STORE_DISK_FULL');
  assert.match(refused.ok ? '' : refused.error.detail, /^vault /);
  await vault.close();
});

describe('local vault with damage', () => {
  test('an altered byte anywhere never gives a wrong blob and never takes the others', async () => {
    const folder = newFolder();
    const vault = await openVault(folder);
    const blobs = new Map<BlobHash, Buffer>();
    for (let at = 0; at < 5; at += 1) {
      const bytes = randomBytes(40);
      blobs.set(unwrap(await vault.put(bytes)), bytes);
    }
    await vault.close();
    const [name = ''] = await fs.readdir(folder);
    const path = join(folder, name);
    const whole = await fs.readFile(path);
    const header = 12 + whole.readUInt32BE(8);
    for (let at = 0; at < whole.length; at += 1) {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ 0x40;
      await fs.writeFile(path, altered);
      const opened = await openLocalVault({ folder, keyring, readOnly: true });
      if (!opened.ok) {
        assert.ok(at < header, `byte ${at}: ${opened.error.message}`);
        continue;
      }
      let right = 0;
      for (const [hash, bytes] of blobs) {
        const back = await opened.value.get(hash);
        if (back.ok) {
          assert.deepEqual(Buffer.from(back.value), bytes, `byte ${at}`);
          right += 1;
        } else assert.equal(back.error.code, 'LG_CHECKPOINT_DAMAGED');
      }
      if (at >= header) assert.ok(right >= blobs.size - 1, `byte ${at}: only ${right} readable`);
      await opened.value.close();
    }
  });

  test('a pack cut off anywhere gives every blob before the cut', async () => {
    const folder = newFolder();
    const vault = await openVault(folder);
    const hashes: BlobHash[] = [];
    for (let at = 0; at < 10; at += 1) hashes.push(unwrap(await vault.put(randomBytes(500))));
    await vault.close();
    const [name = ''] = await fs.readdir(folder);
    const path = join(folder, name);
    const whole = await fs.readFile(path);
    await fs.truncate(path, whole.length - 450 - 10 * 44);
    const cut = await openVault(folder);
    const readable = await Promise.all(hashes.map((hash) => cut.get(hash)));
    assert.deepEqual(
      readable.map(({ ok }) => ok),
      hashes.map((_hash, at) => at < 9),
    );
    await cut.close();
  });

  test('another key is told apart from damage', async () => {
    const folder = newFolder();
    const vault = await openVault(folder);
    unwrap(await vault.put(utf8('content')));
    await vault.close();
    const other = memoryKeyring(new Uint8Array(32).fill(8));
    const opened = await openLocalVault({ folder, keyring: other });
    assert.equal(opened.ok ? '' : opened.error.code, 'LG_KEY_WRONG');
  });
});

describe('local vault at rest', () => {
  test('shows neither content nor hashes to whoever has only the files', async () => {
    const folder = newFolder();
    const vault = await openVault(folder);
    const secret = 'the secret of the house, known to nobody';
    const hash = unwrap(await vault.put(utf8(secret)));
    const long = unwrap(await vault.put(utf8(`${secret} `.repeat(1_000))));
    await vault.close();
    for (const name of await fs.readdir(folder)) {
      const bytes = await fs.readFile(join(folder, name));
      for (const trace of [secret, hash, long]) assert.equal(bytes.includes(trace), false);
      assert.equal(bytes.includes(Buffer.from(hash, 'hex')), false);
      const { mode } = await fs.stat(join(folder, name));
      assert.equal(mode & 0o077, 0);
    }
  });

  test('changes nothing when it is open for reading only', async () => {
    const folder = newFolder();
    const writer = await openVault(folder);
    const hash = unwrap(await writer.put(utf8('content')));
    await writer.close();
    await fs.writeFile(join(folder, 'leftover.tmp'), 'x');
    const before = await fs.readdir(folder);
    const reader = unwrap(await openLocalVault({ folder, keyring, readOnly: true }));
    assert.equal((await reader.get(hash)).ok, true);
    assert.equal((await reader.put(utf8('more'))).ok, false);
    await reader.close();
    assert.deepEqual(await fs.readdir(folder), before);
  });
});
