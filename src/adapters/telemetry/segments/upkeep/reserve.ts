import { randomBytes } from 'node:crypto';
import type { Disk } from '../../../../base/disk.ts';
import { systemCode } from '../../../../base/error.ts';

/** Enough to write down in the catalogue that every segment of a large store is given up. */
const RESERVE_BYTES = 1024 * 1024;

/**
 * Room on the disk that is given up when the disk is full: without it retention could not even
 * write down what it gives up, and so free nothing.
 */
export class Reserve {
  readonly #disk: Disk;
  readonly #path: string;
  #isFilled = false;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Sets the room aside unless it is; a disk that is too full for it is asked again later. */
  async fill(): Promise<void> {
    if (this.#isFilled) return;
    try {
      if ((await this.#size()) < RESERVE_BYTES) await this.#write();
      this.#isFilled = true;
    } catch {
      await this.#disk.remove(this.#path).catch(() => undefined);
    }
  }

  /** Gives the room up. Throws system errors. */
  async spend(): Promise<void> {
    this.#isFilled = false;
    await this.#disk.remove(this.#path);
  }

  async #size(): Promise<number> {
    try {
      const file = await this.#disk.open(this.#path, 'read');
      const size = await file.size();
      await file.close();
      return size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  async #write(): Promise<void> {
    await this.#disk.remove(this.#path);
    const file = await this.#disk.open(this.#path, 'create');
    try {
      // Not zeros: some file systems keep those without giving them room.
      await file.write(randomBytes(RESERVE_BYTES), 0);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
