import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, open, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { ExportEntry } from '../../../api/contract.ts';
import { fromBase64 } from '../../../base/bytes.ts';
import { systemCode } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/**
 * Writes entries below one folder that is empty as it begins, whatever their paths say. Links are
 * made last: while anything else is written there is none that could lead out of the folder, and
 * a link whose place a file or folder has taken is refused.
 */
export class ExportWriter {
  readonly #folder: string;
  readonly #hash = createHash('sha256');
  #files = 0;
  #notOwned = 0;
  /** Modes are set last: what is read-only could not be filled, nor gone on with. */
  readonly #modes: (readonly [path: string, mode: number])[] = [];
  readonly #links: (readonly [path: string, target: string])[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  report(): { readonly files: number; readonly notOwned: number; readonly sha256: string } {
    return {
      files: this.#files,
      notOwned: this.#notOwned,
      sha256: this.#hash.copy().digest('hex'),
    };
  }

  async write(entry: ExportEntry): Promise<void> {
    const path = this.#inside(entry.path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (entry.kind === 'folder') {
      await mkdir(path, { recursive: true, mode: 0o700 });
      this.#modes.push([path, entry.mode]);
      await this.#own(path, entry.uid, entry.gid);
    } else if (entry.kind === 'link') {
      this.#links.push([path, entry.target]);
    } else {
      await this.#content(path, entry.content ?? '', entry.kind === 'part');
      if (entry.kind === 'part') return;
      await this.#own(path, entry.uid, entry.gid);
      this.#modes.push([path, entry.mode]);
      this.#files += 1;
    }
  }

  /** Makes the links and sets the modes; nothing may be written afterwards. */
  async end(): Promise<void> {
    // No parent of a link is one: each was made as a folder when the link was told of.
    for (const [path, target] of this.#links) await makeLink(path, target);
    for (const [path, mode] of this.#modes.toReversed()) await chmod(path, mode);
  }

  async #content(path: string, base64: string, isPart: boolean): Promise<void> {
    const bytes = fromBase64(base64);
    this.#hash.update(bytes);
    const file = await open(path, isPart ? 'a' : 'wx', 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  }

  async #own(path: string, uid: number | undefined, gid: number | undefined): Promise<void> {
    if (uid === undefined || gid === undefined) return;
    try {
      await chown(path, uid, gid);
    } catch (error) {
      if (systemCode(error) !== 'EPERM') throw error;
      this.#notOwned += 1;
    }
  }

  #inside(path: string): string {
    const full = resolve(this.#folder, `.${sep}${path}`);
    if (full.startsWith(this.#folder + sep)) return full;
    throw lgError('LG_API_ANSWER_INVALID', `an export entry leaves the folder: "${path}"`);
  }
}

async function makeLink(path: string, target: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw lgError('LG_API_ANSWER_INVALID', `an export has a link where it has more: "${path}"`);
  }
}
