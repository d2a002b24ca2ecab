import { TurnQueue } from '../../../base/turn-queue.ts';
import type { Disk, DiskFile } from '../../../base/disk.ts';
import { readAt } from './pack-file.ts';
import { ReadWindow } from './read-window.ts';

/** Packs held open: reads come in the order of writing, so few are in use at a time. */
const OPEN_MAX = 16;

/** Open pack files, the least recently used closed first; a file in use is never closed. */
export class PackHandles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #open = new Map<string, { readonly file: Promise<DiskFile>; users: number }>();

  /** One read at a time: the next one's bytes come with this one's window. */
  readonly #turns = new TurnQueue();
  readonly #window = new ReadWindow();

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /**
   * A copy of the bytes of a pack at a place; fewer at its end. The next blob is usually read next,
   * so more is read at once.
   */
  read(id: string, from: number, length: number): Promise<Uint8Array> {
    return this.#turns.take(() => this.#read(id, from, length));
  }

  async #read(id: string, from: number, length: number): Promise<Uint8Array> {
    const kept = this.#window.take(id, from, length);
    if (kept !== undefined) return kept;
    return this.#with(id, async (file) => {
      if (this.#window.fits(length)) await this.#window.fill(id, from, file);
      return this.#window.take(id, from, length) ?? readAt(file, from, length);
    });
  }

  async #with<Value>(id: string, use: (file: DiskFile) => Promise<Value>): Promise<Value> {
    const held = this.#open.get(id) ?? { file: this.#openFile(id), users: 0 };
    this.#open.delete(id);
    this.#open.set(id, held);
    held.users += 1;
    try {
      return await use(await held.file);
    } catch (thrown) {
      if (this.#open.get(id) === held && held.users === 1) await this.drop(id);
      throw thrown;
    } finally {
      held.users -= 1;
      await this.#closeOldest();
    }
  }

  /** Closes a pack's file, if it is open. */
  async drop(id: string): Promise<void> {
    this.#window.forget(id);
    const held = this.#open.get(id);
    this.#open.delete(id);
    const file = await held?.file.catch(() => undefined);
    await file?.close();
  }

  async close(): Promise<void> {
    for (const id of this.#open.keys()) await this.drop(id);
  }

  #openFile(id: string): Promise<DiskFile> {
    return this.#disk.open(`${this.#folder}/${id}.pack`, 'read');
  }

  async #closeOldest(): Promise<void> {
    for (const [id, { users }] of this.#open) {
      if (this.#open.size <= OPEN_MAX) return;
      if (users === 0) await this.drop(id);
    }
  }
}
