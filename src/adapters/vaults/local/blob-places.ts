import type { LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { openPack } from './pack-file.ts';
import type { PackEntry } from './pack-format.ts';
import type { Pack, PackHearer } from './pack-writer.ts';
import type { VaultSetting } from './vault-setting.ts';

/** A blob's place. */
export interface Place {
  readonly pack: Pack;
  readonly entry: PackEntry;
}

/** The packs of a vault, and which of them holds which blob where. */
export class BlobPlaces implements PackHearer {
  readonly #places = new Map<BlobHash, Place>();
  readonly #packs = new Map<string, Pack>();

  /** Reads the indexes of all packs; LG_KEY_WRONG when no pack opens with this key. */
  async load({ disk, folder, keyring, log, readOnly }: VaultSetting): Promise<Result<void>> {
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

  begun(pack: Pack): void {
    this.#packs.set(pack.id, pack);
  }

  lost(pack: Pack): void {
    this.#packs.delete(pack.id);
    for (const { hash } of pack.builder?.entries ?? []) {
      if (this.#places.get(hash)?.pack === pack) this.#places.delete(hash);
    }
  }

  has(hash: BlobHash): boolean {
    return this.#places.has(hash);
  }

  find(hash: BlobHash): Place | undefined {
    return this.#places.get(hash);
  }

  set(hash: BlobHash, place: Place): void {
    this.#places.set(hash, place);
  }

  /** The packs there are now. */
  packs(): readonly Pack[] {
    return [...this.#packs.values()];
  }

  /** Forgets packs and what lies in them. */
  forget(packs: readonly Pack[]): void {
    const gone = new Set(packs);
    for (const [hash, place] of this.#places) {
      if (gone.has(place.pack)) this.#places.delete(hash);
    }
    for (const { id } of packs) this.#packs.delete(id);
  }

  size(): { readonly blobs: number; readonly bytes: number } {
    let bytes = 0;
    for (const pack of this.#packs.values()) bytes += pack.bytes;
    return { blobs: this.#places.size, bytes };
  }
}
