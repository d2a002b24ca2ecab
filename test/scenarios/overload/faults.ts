import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a test leaves what is to be done in its end. */
export interface Ending {
  after(undo: () => Promise<void>): void;
}

/** A small disk of memory of its own, or why there is none. */
export async function smallDisk(
  ending: Ending,
  megabytes: number,
): Promise<{ readonly path: string } | { readonly why: string }> {
  if (process.getuid?.() !== 0) return { why: 'mounting a small disk needs root' };
  const path = await fs.mkdtemp(join(tmpdir(), 'lastgood-disk-'));
  try {
    const words = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path];
    execFileSync('mount', words, { stdio: 'pipe' });
  } catch (error) {
    await fs.rmdir(path);
    return { why: `no disk could be mounted: ${String(error)}` };
  }
  ending.after(async () => {
    execFileSync('umount', ['-l', path]);
    await fs.rmdir(path);
  });
  return { path };
}

/** Fills a disk to its last byte; what it answers makes room again. */
export async function fillDisk(folder: string, bytes: number): Promise<() => Promise<void>> {
  const ballast = join(folder, 'ballast');
  try {
    await fs.writeFile(ballast, Buffer.alloc(bytes));
  } catch (error) {
    if (!String(error).includes('ENOSPC')) throw error;
  }
  return () => fs.rm(ballast);
}

/** Leaves half a frame at the end of the newest log file, as a power loss does. */
export async function tearLog(data: string): Promise<string> {
  const folder = join(data, 'evidence', 'log');
  const names = (await fs.readdir(folder)).toSorted();
  const name = names.at(-1);
  if (name === undefined) throw new Error(`no log file in ${folder}`);
  const bytes = await fs.readFile(join(folder, name));
  // The beginning of a real frame, cut off; the first frame of a file follows its header.
  await fs.appendFile(
    join(folder, name),
    bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 999),
  );
  return name;
}
