import type { Disk, DiskFile } from '../../../base/disk.ts';

/** Packs held open: reads come in the order of writing, so few are in use at a time. */
const OPEN_MAX = 16;

/** Open pack files, the least recently used closed first; a file in use is never closed. */
export class PackHandles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #open = new Map<string, { readonly file: Promise<DiskFile>; users: number }>();

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** Lets `use` read a pack's file. */
  async with<Value>(id: string, use: (file: DiskFile) => Promise<Value>): Promise<Value> {
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
    const held = this.#open.get(id);
    this.#open.delete(id);
    const file = await held?.file.catch(() => undefined);
    await file?.close();
  }

  async close(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.drop(id);
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
