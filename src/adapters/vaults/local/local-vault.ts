import { realDisk } from '../../../base/disk.ts';
import { systemCode, type LastgoodError } from '../../../base/error.ts';
import { giveBackBytes } from '../../../base/give-back-bytes.ts';
import { silentLog } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { TurnQueue } from '../../../base/turn-queue.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { BLOB_BYTES_MAX, type Vault } from '../../../ports/vault.ts';
import { addressOf, packPayload, type Packed } from './blob-payload.ts';
import { BlobPlaces } from './blob-places.ts';
import { BlobReader } from './blob-reader.ts';
import { BlobThread } from './blob-thread.ts';
import { PackWriter, tellRoom, writeError } from './pack-writer.ts';
import { prunePacks } from './prune-packs.ts';
import type { LocalVaultSetting, VaultSetting } from './vault-setting.ts';

/** As much is packed sooner by ourselves than a thread is started. */
const ALONE_BYTES_MAX = 8 * 1024 * 1024;

/** Bytes between their caller and their pack: more would only lie in memory. */
const COMING_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Opens the vault in a folder and makes it when there is none. A damaged pack is logged and what
 * can be read of it is; LG_KEY_WRONG when no pack opens with this key.
 */
export async function openLocalVault(setting: LocalVaultSetting): Promise<Result<LocalVault>> {
  const { folder, keyring, disk = realDisk, log = silentLog, readOnly = false } = setting;
  const vault = new LocalVault({ folder, keyring, disk, log, readOnly });
  const opened = await vault.load();
  return opened.ok ? ok(vault) : opened;
}

/** A vault of pack files in one folder, see `pack-format.ts` and `docs/formats/vault.md`. */
export class LocalVault implements Vault {
  readonly #setting: VaultSetting;
  readonly #places = new BlobPlaces();
  readonly #reader: BlobReader;
  readonly #writer: PackWriter;
  readonly #thread: BlobThread;
  /** Blobs that were put and are packed yet. */
  readonly #coming = new Map<BlobHash, Promise<Result<BlobHash>>>();
  #comingBytes = 0;
  /** Put since the last flush. */
  #putBytes = 0;
  /** Appends, flushes and prunes. */
  readonly #turns = new TurnQueue();
  #isClosed = false;

  constructor(setting: VaultSetting, thread = new BlobThread()) {
    this.#setting = setting;
    this.#thread = thread;
    this.#reader = new BlobReader(setting, thread);
    this.#writer = new PackWriter(setting, this.#places);
  }

  /** Reads the indexes of all packs; once, before anything else. */
  async load(): Promise<Result<void>> {
    const { disk, folder, readOnly } = this.#setting;
    if (!readOnly) await disk.makeFolder(folder);
    return this.#places.load(this.#setting);
  }

  async put(bytes: Uint8Array): Promise<Result<BlobHash>> {
    if (bytes.length > BLOB_BYTES_MAX) {
      const what = `a blob of ${bytes.length} bytes, limit ${BLOB_BYTES_MAX}`;
      return err(lgError('LG_PROVIDER_TOO_LARGE', what));
    }
    const refused = this.#refusal();
    if (refused !== undefined) return err(refused);
    const hash = addressOf(bytes);
    if (this.has(hash)) return ok(hash);
    this.#putBytes += bytes.length;
    if (this.#putBytes > ALONE_BYTES_MAX) return this.#putBeside(hash, bytes);
    const packed = Promise.resolve(packPayload(bytes));
    return this.#inTurn(() => this.#store(hash, packed, bytes.length));
  }

  /** The caller reads on meanwhile; what goes wrong is what the flush answers. */
  async #putBeside(hash: BlobHash, bytes: Uint8Array): Promise<Result<BlobHash>> {
    const { length } = bytes;
    const packed = this.#packedBeside(bytes);
    const stored = this.#inTurn(() => this.#store(hash, packed, length));
    this.#coming.set(hash, stored);
    this.#comingBytes += length;
    void stored.then(async (result) => {
      this.#coming.delete(hash);
      this.#comingBytes -= length;
      if (!result.ok) this.#writer.fail(result.error);
      const { payload } = (await packed) ?? {};
      if (payload !== undefined) giveBackBytes(payload);
    });
    const [oldest] = this.#coming.values();
    if (this.#comingBytes > COMING_BYTES_MAX) await oldest;
    return ok(hash);
  }

  flush(): Promise<Result<void>> {
    return this.#inTurn(async () => {
      const putBytes = this.#putBytes;
      this.#putBytes = 0;
      const flushed = await this.#writer.flush();
      return flushed.ok ? flushed : err(await tellRoom(flushed.error, this.#setting, putBytes));
    });
  }

  has(hash: BlobHash): boolean {
    return this.#places.has(hash) || this.#coming.has(hash);
  }

  async get(hash: BlobHash): Promise<Result<Uint8Array>> {
    await this.#coming.get(hash);
    const place = this.#places.find(hash);
    if (place === undefined) {
      return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} is missing`));
    }
    const blob = await this.#reader.read(place);
    if (blob !== undefined) return ok(blob);
    const where = `pack ${place.pack.id} at ${place.entry.offset}`;
    return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} in ${where} was altered`));
  }

  prune(keep: ReadonlySet<BlobHash>): Promise<Result<number>> {
    const vault = {
      setting: this.#setting,
      places: this.#places,
      reader: this.#reader,
      writer: this.#writer,
    };
    return this.#inTurn(() => {
      this.#putBytes = 0;
      return prunePacks(vault, keep);
    });
  }

  size(): { readonly blobs: number; readonly bytes: number } {
    return this.#places.size();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (!this.#setting.readOnly) await this.flush();
    this.#isClosed = true;
    await this.#thread.end();
    await this.#reader.close();
  }

  /** Packs a copy of the bytes, which are the caller's again at once. */
  async #packedBeside(bytes: Uint8Array): Promise<Packed | undefined> {
    if (this.#thread.hasTimeFor(bytes.length)) return this.#thread.pack(bytes);
    const packed = packPayload(bytes);
    return packed.isCompressed ? packed : { ...packed, payload: new Uint8Array(bytes) };
  }

  async #store(
    hash: BlobHash,
    packing: Promise<Packed | undefined>,
    plainBytes: number,
  ): Promise<Result<BlobHash>> {
    // Two callers may have brought the same bytes.
    if (this.#places.has(hash)) return ok(hash);
    const packed = await packing;
    if (packed === undefined) {
      const what = `vault ${this.#setting.folder}: the thread that packs blobs has ended`;
      return err(lgError('LG_STORE_WRITE_FAILED', what));
    }
    this.#places.set(hash, await this.#writer.append({ hash, plainBytes }, packed));
    return ok(hash);
  }

  /** Runs work that changes the vault after all earlier such work. */
  async #inTurn<Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> {
    const refused = this.#refusal();
    if (refused !== undefined) return err(refused);
    try {
      return await this.#turns.take(work);
    } catch (thrown) {
      if (systemCode(thrown) === undefined) throw thrown;
      return err(writeError(this.#setting.folder, thrown));
    }
  }

  #refusal(): LastgoodError | undefined {
    if (this.#isClosed) return lgError('LG_STORE_CLOSED', 'the vault is closed');
    if (!this.#setting.readOnly) return undefined;
    return lgError('LG_STORE_CLOSED', 'the vault is open for reading only');
  }
}
