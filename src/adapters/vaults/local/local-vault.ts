import type { SealKey } from '../../../base/aead.ts';
import { realDisk, type Disk } from '../../../base/disk.ts';
import { messageOf, systemCode, type LastgoodError } from '../../../base/error.ts';
import { silentLog, type Log } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { TurnQueue } from '../../../base/turn-queue.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import { BLOB_BYTES_MAX, type Vault } from '../../../ports/vault.ts';
import { addressOf, packPayload, unpackPayload } from './blob-payload.ts';
import { PackBuilder } from './pack-builder.ts';
import { openPack } from './pack-file.ts';
import { isCompressed, openRecord, sealedBytes, type PackEntry } from './pack-format.ts';
import { PackHandles } from './pack-handles.ts';

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

/** One pack that blobs lie in: being built, being written, or a file. */
interface Pack {
  readonly id: string;
  readonly key: SealKey;
  /** In memory until it is a file. */
  builder?: PackBuilder;
  bytes: number;
}

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
  #current: Pack | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #failure: LastgoodError | undefined;
  /** Appends, flushes and prunes. */
  readonly #turns = new TurnQueue();
  #isClosed = false;

  constructor(setting: Required<LocalVaultSetting>) {
    this.#setting = setting;
    this.#handles = new PackHandles(setting.disk, setting.folder);
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

  put(bytes: Uint8Array): Promise<Result<BlobHash>> {
    if (bytes.length > BLOB_BYTES_MAX) {
      const what = `a blob of ${bytes.length} bytes, limit ${BLOB_BYTES_MAX}`;
      return Promise.resolve(err(lgError('LG_PROVIDER_TOO_LARGE', what)));
    }
    const hash = addressOf(bytes);
    if (this.#places.has(hash)) return Promise.resolve(ok(hash));
    return this.#inTurn(async () => {
      if (this.#places.has(hash)) return ok(hash);
      const { payload, isCompressed } = packPayload(bytes);
      await this.#append(hash, payload, isCompressed, bytes.length);
      return ok(hash);
    });
  }

  flush(): Promise<Result<void>> {
    return this.#inTurn(() => this.#flush());
  }

  has(hash: BlobHash): boolean {
    return this.#places.has(hash);
  }

  async get(hash: BlobHash): Promise<Result<Uint8Array>> {
    const place = this.#places.get(hash);
    if (place === undefined) {
      return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} is missing`));
    }
    const payload = await this.#payload(place);
    const { word, plainBytes } = place.entry;
    const blob =
      payload === undefined ? undefined : unpackPayload(payload, isCompressed(word), plainBytes);
    if (blob !== undefined && addressOf(blob) === hash) return ok(blob);
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
    await this.#handles.close();
  }

  async #payload({ pack, entry }: Place): Promise<Uint8Array | undefined> {
    const { id, key, builder } = pack;
    const { offset, word } = entry;
    if (builder !== undefined) return openRecord(key, id, offset, word, builder.sealedAt(entry));
    try {
      const sealed = await this.#handles.read(id, offset + 4, sealedBytes(word));
      return openRecord(key, id, offset, word, sealed);
    } catch (thrown) {
      // A pack that is gone or a disk that fails to read is damage, and reported as such.
      this.#setting.log.error('VaultReadError', { pack: id, why: messageOf(thrown) });
      return undefined;
    }
  }

  async #append(
    hash: BlobHash,
    payload: Uint8Array,
    isCompressed: boolean,
    plainBytes: number,
  ): Promise<void> {
    let pack = this.#current;
    if (pack?.builder?.fits(payload.length) !== true) {
      await this.#publishCurrent();
      const builder = await PackBuilder.begin(this.#setting.keyring);
      pack = { id: builder.id, key: builder.key, builder, bytes: 0 };
      this.#current = pack;
      this.#packs.set(pack.id, pack);
    }
    const entry = pack.builder?.add(hash, payload, isCompressed, plainBytes);
    if (entry !== undefined) this.#places.set(hash, { pack, entry });
  }

  /** Begins to write the current pack, once the one before is written: two in memory at most. */
  async #publishCurrent(): Promise<void> {
    const pack = this.#current;
    const builder = pack?.builder;
    this.#current = undefined;
    await this.#publishing;
    if (pack === undefined || builder === undefined) return;
    this.#publishing = this.#publish(pack, builder);
  }

  async #publish(pack: Pack, builder: PackBuilder): Promise<void> {
    const { disk, folder } = this.#setting;
    try {
      pack.bytes = await builder.publish(disk, folder);
      delete pack.builder;
    } catch (thrown) {
      this.#packs.delete(pack.id);
      for (const { hash } of builder.entries) {
        if (this.#places.get(hash)?.pack === pack) this.#places.delete(hash);
      }
      this.#failure = this.#writeError(thrown);
    }
  }

  #writeError(thrown: unknown): LastgoodError {
    const code = systemCode(thrown);
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const errorCode = isFull ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
    return lgError(errorCode, `vault ${this.#setting.folder}: ${messageOf(thrown)}`, thrown);
  }

  async #flush(): Promise<Result<void>> {
    const { disk, folder } = this.#setting;
    await this.#publishCurrent();
    await this.#publishing;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return err(failure);
    await disk.syncFolder(folder);
    return ok(undefined);
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
      const payload = await this.#payload({ pack, entry });
      if (payload === undefined) {
        this.#setting.log.error('VaultPruneSkipped', { pack: pack.id, blob: entry.hash });
        return false;
      }
      await this.#append(entry.hash, payload, isCompressed(entry.word), entry.plainBytes);
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
    if (this.#isClosed) return err(lgError('LG_STORE_CLOSED', 'the vault is closed'));
    if (this.#setting.readOnly) {
      return err(lgError('LG_STORE_CLOSED', 'the vault is open for reading only'));
    }
    try {
      return await this.#turns.take(work);
    } catch (thrown) {
      if (systemCode(thrown) === undefined) throw thrown;
      return err(this.#writeError(thrown));
    }
  }
}
