import * as fs from 'node:fs/promises';
import { join } from 'node:path';

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
