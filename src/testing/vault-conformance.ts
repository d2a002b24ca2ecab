import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { utf8 } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { unwrap } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import { isBlobHash } from '../model/checkpoint/image-blob.ts';
import { BLOB_BYTES_MAX, type Vault } from '../ports/vault.ts';

/** What an adapter brings to be tested. */
export interface VaultSubject {
  /** Opens the vault anew, over what earlier ones stored. */
  open(): Promise<Vault>;
  /** Removes what it made. */
  remove(): Promise<void>;
}

/** The hash of bytes that were never stored. */
export function hashOfText(text: string): BlobHash {
  const hash: unknown = sha256(utf8(text));
  assert.ok(isBlobHash(hash));
  return hash;
}

/** Holds a vault to its port. `make` brings a fresh one for each test. */
export function testVault(name: string, make: () => Promise<VaultSubject>): void {
  describe(`vault ${name}`, () => {
    let subject: VaultSubject;
    let vault: Vault;

    beforeEach(async () => {
      subject = await make();
      vault = await subject.open();
    });
    afterEach(async () => {
      await vault.close();
      await subject.remove();
    });

    const reopen = async (): Promise<void> => {
      await vault.close();
      vault = await subject.open();
    };
    const put = async (bytes: Uint8Array): Promise<BlobHash> => unwrap(await vault.put(bytes));
    const get = async (hash: BlobHash): Promise<Buffer> =>
      Buffer.from(unwrap(await vault.get(hash)));

    test('gives back what was put: at once, after a flush and when opened again', async () => {
      const blobs = [utf8('one'), new Uint8Array(), randomBytes(100_000), new Uint8Array(50_000)];
      const hashes = await Promise.all(blobs.map(put));
      const all = async (): Promise<void> => {
        for (const [at, hash] of hashes.entries()) {
          assert.deepEqual(await get(hash), Buffer.from(blobs[at] ?? []));
          assert.equal(vault.has(hash), true);
        }
      };
      await all();
      unwrap(await vault.flush());
      await all();
      await reopen();
      await all();
    });

    test('names content by its hash alone', async () => {
      assert.equal(await put(utf8('content')), sha256(utf8('content')));
    });

    test('stores equal bytes once, however often and when they come', async () => {
      const bytes = randomBytes(20_000);
      const first = await put(bytes);
      unwrap(await vault.flush());
      const size = vault.size();
      assert.equal(await put(bytes), first);
      unwrap(await vault.flush());
      await reopen();
      assert.equal(await put(bytes), first);
      unwrap(await vault.flush());
      assert.deepEqual(vault.size(), size);
    });

    test('takes the largest blob and refuses a larger one', async () => {
      const largest = randomBytes(BLOB_BYTES_MAX);
      assert.deepEqual(await get(await put(largest)), largest);
      const refused = await vault.put(new Uint8Array(BLOB_BYTES_MAX + 1));
      assert.equal(refused.ok ? '' : refused.error.code, 'LG_PROVIDER_TOO_LARGE');
    });

    test('says damaged, not nothing, about a blob it does not have', async () => {
      const missing = await vault.get(hashOfText('never stored'));
      assert.equal(missing.ok ? '' : missing.error.code, 'LG_CHECKPOINT_DAMAGED');
      assert.equal(vault.has(hashOfText('never stored')), false);
    });

    test('keeps apart what many put at the same time', async () => {
      const blobs = Array.from({ length: 300 }, (_, at) => utf8(`blob ${at % 250} `.repeat(50)));
      const hashes = await Promise.all(blobs.map(put));
      assert.equal(vault.size().blobs, 250);
      unwrap(await vault.flush());
      await reopen();
      const back = await Promise.all(hashes.map(get));
      assert.deepEqual(
        back,
        blobs.map((blob) => Buffer.from(blob)),
      );
    });

    test('prunes exactly what is not kept, and frees its bytes', async () => {
      const blobs = Array.from({ length: 40 }, () => randomBytes(10_000));
      const hashes: BlobHash[] = [];
      for (const blob of blobs) {
        hashes.push(await put(blob));
        unwrap(await vault.flush());
      }
      const before = vault.size().bytes;
      const keep = new Set(hashes.filter((_hash, at) => at % 4 === 0));
      const freed = unwrap(await vault.prune(keep));
      assert.ok(freed > 250_000, `freed ${freed}`);
      assert.equal(vault.size().bytes, before - freed);
      const check = async (): Promise<void> => {
        for (const [at, hash] of hashes.entries()) {
          assert.equal(vault.has(hash), keep.has(hash));
          if (keep.has(hash)) assert.deepEqual(await get(hash), blobs[at]);
        }
      };
      await check();
      await reopen();
      await check();
      assert.equal(unwrap(await vault.prune(keep)), 0);
    });

    test('closes more than once, and answers nothing wrong afterwards', async () => {
      await vault.close();
      await vault.close();
      const refused = await vault.put(utf8('late'));
      assert.equal(refused.ok ? '' : refused.error.code, 'LG_STORE_CLOSED');
    });
  });
}
