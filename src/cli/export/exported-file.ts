import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../../base/error.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** Takes bytes to a file, private to its owner, or to stdout (`-`), no faster than it takes. */
export class ExportedFile {
  readonly #path: string;
  #handle: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#path === '-') {
      await new Promise<void>((resolve) => void process.stdout.write(bytes, () => resolve()));
      return;
    }
    try {
      this.#handle ??= await open(this.#path, 'w', 0o600);
      await this.#handle.writeFile(bytes);
    } catch (cause) {
      const detail = `${this.#path} cannot be written: ${messageOf(cause)}`;
      throw lgError('LG_RUNTIME_USAGE', detail, cause);
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
