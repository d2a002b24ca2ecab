import { readyKey, type SealKey } from '../../../base/aead.ts';
import { randomBytes } from 'node:crypto';
import { assert } from '../../../base/assert.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Disk } from '../../../base/disk.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import { BLOB_BYTES_MAX } from '../../../ports/vault.ts';
import {
  HEADER_BYTES_MAX,
  INDEX_ENTRY_BYTES,
  newPackKey,
  RECORD_OVERHEAD_BYTES,
  sealedBytes,
  TRAILER_BYTES,
  writeFooter,
  writeHeader,
  writeRecord,
  type PackEntry,
} from './pack-format.ts';

/** Few fsyncs for ten thousand small files, and little to rewrite when a pack is pruned. */
const PACK_BYTES = 16 * 1024 * 1024;

/** The memory one pack is built in. */
export function packMemory(): Uint8Array {
  return new Uint8Array(PACK_BYTES);
}

/** A pack in memory, growing until it is published as a file. */
export class PackBuilder {
  readonly id: string;
  readonly key: SealKey;
  readonly entries: PackEntry[] = [];
  /** What it is built in: another's once it is published. */
  readonly memory: Uint8Array;
  #length: number;

  private constructor(id: string, key: SealKey, header: Uint8Array, memory: Uint8Array) {
    assert(PACK_BYTES > BLOB_BYTES_MAX + HEADER_BYTES_MAX * 2, 'a pack holds the largest blob');
    this.id = id;
    this.key = key;
    this.memory = memory;
    this.memory.set(header, 0);
    this.#length = header.length;
  }

  /** An empty pack under a new key; the memory is its own until it is published or given up. */
  static async begin(keyring: Keyring, memory: Uint8Array): Promise<PackBuilder> {
    const key = newPackKey();
    const header = writeHeader(await keyring.wrap(key));
    return new PackBuilder(toHex(randomBytes(12)), readyKey(key), header, memory);
  }

  /** Whether a payload of this length still fits. */
  fits(payloadBytes: number): boolean {
    const index = (this.entries.length + 1) * INDEX_ENTRY_BYTES + RECORD_OVERHEAD_BYTES;
    const record = payloadBytes + RECORD_OVERHEAD_BYTES;
    return this.#length + record + index + TRAILER_BYTES <= PACK_BYTES;
  }

  /** Adds a payload; it must fit. */
  add(hash: BlobHash, payload: Uint8Array, isCompressed: boolean, plainBytes: number): PackEntry {
    assert(this.fits(payload.length), 'a payload is added only where it fits');
    const offset = this.#length;
    const at = { key: this.key, pack: this.id, offset };
    const word = writeRecord(this.memory, at, payload, isCompressed);
    this.#length = offset + 4 + sealedBytes(word);
    const entry = { hash, offset, word, plainBytes };
    this.entries.push(entry);
    return entry;
  }

  /** A copy of the sealed payload of an entry, for reads before it is published. */
  sealedAt(entry: PackEntry): Uint8Array {
    const from = entry.offset + 4;
    return this.memory.slice(from, from + sealedBytes(entry.word));
  }

  /**
   * Writes the pack as `<id>.pack`: a temporary file, fsync, rename. The rename is durable once
   * the folder is synced. Answers the file's length; throws and leaves nothing when it fails.
   */
  async publish(disk: Disk, folder: string): Promise<number> {
    const footer = writeFooter(this.key, this.id, this.entries);
    this.memory.set(footer, this.#length);
    const whole = this.memory.subarray(0, this.#length + footer.length);
    const temporary = `${folder}/${this.id}.tmp`;
    try {
      const file = await disk.open(temporary, 'create');
      try {
        await file.write(whole, 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await disk.rename(temporary, `${folder}/${this.id}.pack`);
    } catch (thrown) {
      await disk.remove(temporary).catch(() => undefined);
      throw thrown;
    }
    return whole.length;
  }
}
