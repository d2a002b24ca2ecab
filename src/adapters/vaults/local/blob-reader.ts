import { messageOf } from '../../../base/error.ts';
import type { Place } from './blob-places.ts';
import type { BlobThread } from './blob-thread.ts';
import { openBlob, type SealedBlob } from './blob-work.ts';
import { sealedBytes } from './pack-format.ts';
import { PackHandles } from './pack-handles.ts';
import type { Pack } from './pack-writer.ts';
import type { VaultSetting } from './vault-setting.ts';

/** Reads blobs from where they lie: from a file, or from the memory their pack is built in. */
export class BlobReader {
  readonly #log: VaultSetting['log'];
  readonly #handles: PackHandles;
  readonly #thread: BlobThread;
  /** Blobs somebody waits for now. */
  #reading = 0;

  constructor({ disk, folder, log }: VaultSetting, thread: BlobThread) {
    this.#log = log;
    this.#handles = new PackHandles(disk, folder);
    this.#thread = thread;
  }

  /** The blob, its reader's own; undefined when it is damaged or cannot be read. */
  async read(place: Place): Promise<Uint8Array | undefined> {
    this.#reading += 1;
    try {
      return await this.#open(place);
    } finally {
      this.#reading -= 1;
    }
  }

  /** Opened here, or beside us when somebody waits for another blob already. */
  async #open(place: Place): Promise<Uint8Array | undefined> {
    const work = await this.#work(place);
    if (work === undefined) return undefined;
    if (this.#reading < 2 || !this.#thread.hasTimeFor(work.sealed.length)) return openBlob(work);
    const opened = await this.#thread.open(work);
    if (opened !== undefined) return opened.blob;
    // It took the bytes with it when it ended.
    const again = await this.#work(place);
    return again === undefined ? undefined : openBlob(again);
  }

  async #work(place: Place): Promise<SealedBlob | undefined> {
    const sealed = await this.sealed(place);
    if (sealed === undefined) return undefined;
    const { id: pack, key } = place.pack;
    return { kind: 'open', key, pack, entry: place.entry, sealed };
  }

  /** A copy of what lies there, still sealed; undefined when it cannot be read. */
  async sealed({ pack, entry }: Place): Promise<Uint8Array | undefined> {
    const { id, builder } = pack;
    if (builder !== undefined) return builder.sealedAt(entry);
    try {
      return await this.#handles.read(id, entry.offset + 4, sealedBytes(entry.word));
    } catch (thrown) {
      // A pack that is gone or a disk that fails to read is damage, and reported as such.
      this.#log.error('VaultReadError', { pack: id, why: messageOf(thrown) });
      return undefined;
    }
  }

  /** Lets go of a pack's file, so that it can be removed. */
  drop({ id }: Pack): Promise<void> {
    return this.#handles.drop(id);
  }

  close(): Promise<void> {
    return this.#handles.close();
  }
}
