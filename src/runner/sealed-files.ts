import { open, seal } from '../base/aead.ts';
import { utf8 } from '../base/bytes.ts';
import type { Disk } from '../base/disk.ts';
import { readWhole, replaceFile } from './replace-file.ts';

/** Small files that are encrypted and replaced as a whole; the name is authenticated. */
export class SealedFiles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #key: Uint8Array;

  constructor(disk: Disk, folder: string, key: Uint8Array) {
    this.#disk = disk;
    this.#folder = folder;
    this.#key = key;
  }

  /** Undefined when there is none; 'damaged' when it does not open. */
  async read(name: string): Promise<Uint8Array | 'damaged' | undefined> {
    const bytes = await readWhole(this.#disk, `${this.#folder}/${name}`);
    if (bytes === undefined) return undefined;
    return open(this.#key, bytes, utf8(name)) ?? 'damaged';
  }

  write(name: string, plain: Uint8Array): Promise<void> {
    return replaceFile(this.#disk, this.#folder, name, seal(this.#key, plain, utf8(name)));
  }
}
