import type { DiskFile } from '../../../base/disk.ts';

/** Bytes read at once: blobs are read in the order they were written, mostly. */
const WINDOW_BYTES = 1024 * 1024;

/**
 * A stretch of a pack that was read at once, always into the same memory. Each byte of it is given
 * out once: whoever reads the same again wants to know what the disk holds now.
 */
export class ReadWindow {
  #memory = new Uint8Array();
  #id: string | undefined;
  /** Where in the pack the memory begins, and the stretch of the pack that may be given out. */
  #base = 0;
  #from = 0;
  #end = 0;

  /** Whether so much can be read at once at all. */
  fits(length: number): boolean {
    return length <= WINDOW_BYTES;
  }

  /** A copy of bytes that were read and not given out yet, or nothing. */
  take(id: string, from: number, length: number): Uint8Array | undefined {
    const end = from + length;
    if (this.#id !== id || from < this.#from || end > this.#end) return undefined;
    this.#from = end;
    return this.#memory.slice(from - this.#base, end - this.#base);
  }

  /** Reads from a place on; fewer bytes at the end of the file. */
  async fill(id: string, from: number, file: DiskFile): Promise<void> {
    this.#id = undefined;
    if (this.#memory.length === 0) this.#memory = new Uint8Array(WINDOW_BYTES);
    this.#end = from + (await file.read(this.#memory, from));
    this.#base = this.#from = from;
    this.#id = id;
  }

  /** Forgets what was read of a pack. */
  forget(id: string): void {
    if (this.#id === id) this.#id = undefined;
  }
}
