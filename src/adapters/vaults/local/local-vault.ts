import { realDisk, type Disk } from '../../../base/disk.ts';
import { messageOf, systemCode, type LastgoodError } from '../../../base/error.ts';
import { silentLog, type Log } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { TurnQueue } from '../../../base/turn-queue.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import { BLOB_BYTES_MAX, type Vault } from '../../../ports/vault.ts';
import { addressOf, packPayload, type Packed } from './blob-payload.ts';
import { BlobThread } from './blob-thread.ts';
import { openBlob, type SealedBlob } from './blob-work.ts';
import { openPack } from './pack-file.ts';
import { isCompressed, openRecord, sealedBytes, type PackEntry } from './pack-format.ts';
import { PackHandles } from './pack-handles.ts';
import { PackWriter, writeError, type Pack } from './pack-writer.ts';

/** Where and how a vault is kept. */
export interface LocalVaultSetting {
  readonly folder: string;
  readonly keyring: Keyring;
  readonly disk?: Disk;
  readonly log?: Log;
  /**
   * Changes nothing, not even leftovers of a crash: for a restore beside a dead daemon. Otherwise
   * the caller holds the data directory's lock: a vault has one writer.
   */
  readonly readOnly?: boolean;
}

/** As much is packed sooner by ourselves than a thread is started. */
const ALONE_BYTES_MAX = 4 * 1024 * 1024;

/** Bytes between their caller and their pack: more would only lie in memory. */
const COMING_BYTES_MAX = 16 * 1024 * 1024;

/** A blob's place. */
interface Place {
  readonly pack: Pack;
  readonly entry: PackEntry;
}

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
  readonly #setting: Required<LocalVaultSetting>;
  readonly #places = new Map<BlobHash, Place>();
  readonly #packs = new Map<string, Pack>();
  readonly #handles: PackHandles;
  readonly #writer: PackWriter;
  readonly #thread: BlobThread;
  /** Blobs that were put and are packed yet. */
  readonly #coming = new Map<BlobHash, Promise<Result<BlobHash>>>();
  #comingBytes = 0;
  /** Put since the last flush. */
  #putBytes = 0;
  /** Blobs somebody waits for now. */
  #getting = 0;
  /** Appends, flushes and prunes. */
  readonly #turns = new TurnQueue();
  #isClosed = false;

  constructor(setting: Required<LocalVaultSetting>, thread = new BlobThread()) {
    this.#setting = setting;
    this.#thread = thread;
    this.#handles = new PackHandles(setting.disk, setting.folder);
    this.#writer = new PackWriter(setting, {
      begun: (pack) => void this.#packs.set(pack.id, pack),
      lost: (pack) => this.#lose(pack),
    });
  }

  /** Reads the indexes of all packs; once, before anything else. */
  async load(): Promise<Result<void>> {
    const { disk, folder, keyring, log, readOnly } = this.#setting;
    if (!readOnly) await disk.makeFolder(folder);
    let wrongKey: LastgoodError | undefined;
    for (const name of await disk.list(folder)) {
      if (name.endsWith('.tmp') && !readOnly) await disk.remove(`${folder}/${name}`);
      const id = /^([0-9a-f]{24})\.pack$/.exec(name)?.[1];
      if (id === undefined) continue;
      const opened = await openPack(disk, folder, id, keyring);
      if (!opened.ok) {
        log.error('VaultPackUnreadable', { pack: id, why: opened.error.detail });
        if (opened.error.code === 'LG_KEY_WRONG') wrongKey = opened.error;
        continue;
      }
      const { key, bytes, entries, rebuiltBecause } = opened.value;
      if (rebuiltBecause !== undefined) log.warn('VaultPackRebuilt', { pack: id, rebuiltBecause });
      const pack: Pack = { id, key, bytes };
      this.#packs.set(id, pack);
      for (const entry of entries) this.#places.set(entry.hash, { pack, entry });
    }
    return wrongKey !== undefined && this.#packs.size === 0 ? err(wrongKey) : ok(undefined);
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
    const isMany = this.#putBytes > ALONE_BYTES_MAX;
    const packed = isMany ? this.#packedBeside(bytes) : Promise.resolve(packPayload(bytes));
    const stored = this.#inTurn(() => this.#store(hash, packed, bytes.length));
    if (!isMany) return stored;
    // The caller reads on meanwhile; what goes wrong is what the flush answers.
    const { length } = bytes;
    this.#coming.set(hash, stored);
    this.#comingBytes += length;
    void stored.then((result) => {
      this.#coming.delete(hash);
      this.#comingBytes -= length;
      if (!result.ok) this.#writer.fail(result.error);
    });
    const [oldest] = this.#coming.values();
    if (this.#comingBytes > COMING_BYTES_MAX) await oldest;
    return ok(hash);
  }

  flush(): Promise<Result<void>> {
    return this.#inTurn(() => this.#flush());
  }

  has(hash: BlobHash): boolean {
    return this.#places.has(hash) || this.#coming.has(hash);
  }

  async get(hash: BlobHash): Promise<Result<Uint8Array>> {
    await this.#coming.get(hash);
    const place = this.#places.get(hash);
    if (place === undefined) {
      return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} is missing`));
    }
    this.#getting += 1;
    const blob = await this.#open(place).finally(() => {
      this.#getting -= 1;
    });
    if (blob !== undefined) return ok(blob);
    const where = `pack ${place.pack.id} at ${place.entry.offset}`;
    return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} in ${where} was altered`));
  }

  prune(keep: ReadonlySet<BlobHash>): Promise<Result<number>> {
    return this.#inTurn(() => this.#prune(keep));
  }

  size(): { readonly blobs: number; readonly bytes: number } {
    let bytes = 0;
    for (const pack of this.#packs.values()) bytes += pack.bytes;
    return { blobs: this.#places.size, bytes };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (!this.#setting.readOnly) await this.flush();
    this.#isClosed = true;
    await this.#thread.end();
    await this.#handles.close();
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
    await this.#append({ hash, plainBytes }, packed);
    return ok(hash);
  }

  /** Opened here, or beside us when somebody waits for another blob already. */
  async #open(place: Place): Promise<Uint8Array | undefined> {
    const sealed = await this.#sealed(place);
    if (sealed === undefined) return undefined;
    const { id: pack, key } = place.pack;
    const work: SealedBlob = { kind: 'open', key, pack, entry: place.entry, sealed };
    if (this.#getting < 2 || !this.#thread.hasTimeFor(sealed.length)) return openBlob(work);
    return this.#thread.open(work);
  }

  async #sealed({ pack, entry }: Place): Promise<Uint8Array | undefined> {
    const { id, builder } = pack;
    if (builder !== undefined) return builder.sealedAt(entry);
    try {
      return await this.#handles.read(id, entry.offset + 4, sealedBytes(entry.word));
    } catch (thrown) {
      // A pack that is gone or a disk that fails to read is damage, and reported as such.
      this.#setting.log.error('VaultReadError', { pack: id, why: messageOf(thrown) });
      return undefined;
    }
  }

  async #append(blob: Pick<PackEntry, 'hash' | 'plainBytes'>, packed: Packed): Promise<void> {
    this.#places.set(blob.hash, await this.#writer.append(blob, packed));
  }

  /** Forgets a pack that could not be written. */
  #lose(pack: Pack): void {
    this.#packs.delete(pack.id);
    for (const { hash } of pack.builder?.entries ?? []) {
      if (this.#places.get(hash)?.pack === pack) this.#places.delete(hash);
    }
  }

  #flush(): Promise<Result<void>> {
    this.#putBytes = 0;
    return this.#writer.flush();
  }

  /**
   * Rewrites every pack that holds something to forget. The new packs are durable before an old
   * one goes; a crash between leaves blobs twice, which the next prune finds.
   */
  async #prune(keep: ReadonlySet<BlobHash>): Promise<Result<number>> {
    const flushed = await this.#flush();
    if (!flushed.ok) return flushed;
    const before = this.size().bytes;
    const old: { readonly pack: Pack; readonly live: readonly PackEntry[] }[] = [];
    const published = Array.from(this.#packs.values());
    for (const pack of published) {
      const opened = await this.#entriesOf(pack);
      if (opened === undefined) continue;
      const live = opened.filter(
        (entry) => keep.has(entry.hash) && this.#places.get(entry.hash)?.pack === pack,
      );
      if (live.length === opened.length) continue;
      if (await this.#move(pack, live)) old.push({ pack, live });
    }
    const moved = await this.#flush();
    if (!moved.ok) {
      // What was moved is still where it was; the failed pack has taken its places away.
      for (const { pack, live } of old) {
        for (const entry of live) {
          if (!this.#places.has(entry.hash)) this.#places.set(entry.hash, { pack, entry });
        }
      }
      return moved;
    }
    await this.#removePacks(old.map(({ pack }) => pack));
    return ok(before - this.size().bytes);
  }

  async #entriesOf(pack: Pack): Promise<readonly PackEntry[] | undefined> {
    const { disk, folder, keyring } = this.#setting;
    const opened = await openPack(disk, folder, pack.id, keyring);
    return opened.ok ? opened.value.entries : undefined;
  }

  /** Copies what is kept of a pack; false, and nothing is lost, when some of it is damaged. */
  async #move(pack: Pack, live: readonly PackEntry[]): Promise<boolean> {
    for (const entry of live) {
      const sealed = await this.#sealed({ pack, entry });
      const payload = sealed && openRecord(pack.key, pack.id, entry.offset, entry.word, sealed);
      if (payload === undefined) {
        this.#setting.log.error('VaultPruneSkipped', { pack: pack.id, blob: entry.hash });
        return false;
      }
      await this.#append(entry, { payload, isCompressed: isCompressed(entry.word) });
    }
    return true;
  }

  async #removePacks(packs: readonly Pack[]): Promise<void> {
    const { disk, folder } = this.#setting;
    const gone = new Set(packs);
    for (const [hash, place] of this.#places) {
      if (gone.has(place.pack)) this.#places.delete(hash);
    }
    for (const { id } of packs) {
      this.#packs.delete(id);
      await this.#handles.drop(id);
      await disk.remove(`${folder}/${id}.pack`);
    }
    if (packs.length > 0) await disk.syncFolder(folder);
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
