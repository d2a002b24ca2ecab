import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDiskFull } from '../base/disk-full.ts';

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

/** The path of a small disk; undefined where the test was skipped because there is none. */
export async function smallDiskOrSkip(
  test: Ending & { skip(why: string): void },
  megabytes: number,
): Promise<string | undefined> {
  const disk = await smallDisk(test, megabytes);
  if ('path' in disk) return disk.path;
  test.skip(`SKIPPED: ${disk.why}`);
  return undefined;
}

/** Takes what is free in a folder's file system, to the last block; answers how to free it. */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'ballast');
  const file = await fs.open(path, 'a');
  try {
    for (const size of [1024 * 1024, 4096, 1]) await appendUntilFull(file, Buffer.alloc(size, 1));
  } finally {
    await file.close();
  }
  return () => fs.rm(path);
}

async function appendUntilFull(file: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    for (;;) await file.appendFile(bytes);
  } catch (thrown) {
    if (!isDiskFull(thrown)) throw thrown;
  }
}
