import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { ExportEntry } from '../../../api/contract.ts';
import { fromBase64 } from '../../../base/bytes.ts';
import { systemCode } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { addExamples } from '../../example.ts';
import type { Bind, Invocation } from '../../invocation.ts';
import { exportedFromDataDirectory, preferringDaemon } from '../../offline/read-without-daemon.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';

/** `lastgood checkpoint export`: plain files and how to put them back without us. */
export function addCheckpointExport(checkpoint: Command, bind: Bind): void {
  addExamples(checkpoint.command('export <id> <dir>'), [
    'checkpoint export cp_ef10cd0229c5815fa6897c83 /tmp/export',
  ])
    .description('write plain files with owner and mode, and RESTORE.md with the commands')
    .action(
      bind(async (invocation, _options: object, [id = '', dir = '']) => {
        const folder = resolve(dir);
        await requireEmpty(folder);
        const writer = new ExportWriter(folder);
        await exportInto(writer, id, invocation);
        await writer.end();
        const report = { checkpoint: id, directory: folder, ...writer.report() };
        if (invocation.screen.isJson) invocation.screen.json(report);
        invocation.screen.out(`${report.files} files in ${folder}; begin with RESTORE.md`);
        if (report.notOwned > 0) {
          invocation.screen.note(
            `${report.notOwned} owners could not be set; RESTORE.md has the commands (needs root)`,
          );
        }
        return 0;
      }),
    );
}

async function exportInto(writer: ExportWriter, id: string, invocation: Invocation): Promise<void> {
  const ask = async (): Promise<void> => {
    const entries = remoteDaemon(invocation).exported(id, { signal: invocation.signal });
    for await (const entry of entries) await writer.write(entry);
  };
  const read = async (unreachable: Error): Promise<void> => {
    // A daemon that died half-way has left files: nobody may take them for the whole.
    if (writer.report().files > 0) throw unreachable;
    await exportedFromDataDirectory(invocation, id, (entry) => writer.write(entry));
  };
  await preferringDaemon(invocation, ask, read);
}

async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = await readdir(folder);
  if (there.length === 0) return;
  throw lgError('LG_RUNTIME_TARGET_NOT_EMPTY', `${folder} holds ${there.length} entries`);
}

/** Writes entries below one folder, whatever their paths say. */
class ExportWriter {
  readonly #folder: string;
  readonly #hash = createHash('sha256');
  #files = 0;
  #notOwned = 0;
  /** Modes are set last: what is read-only could not be filled, nor gone on with. */
  readonly #modes: (readonly [path: string, mode: number])[] = [];

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
      await symlink(entry.target, path);
    } else {
      await this.#content(path, entry.content ?? '', entry.kind === 'part');
      if (entry.kind === 'part') return;
      await this.#own(path, entry.uid, entry.gid);
      this.#modes.push([path, entry.mode]);
      this.#files += 1;
    }
  }

  async end(): Promise<void> {
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
