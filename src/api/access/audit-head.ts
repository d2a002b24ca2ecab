import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { utf8 } from '../../base/bytes.ts';
import { isDiskFull } from '../../base/disk-full.ts';
import type { Disk } from '../../base/disk.ts';
import { messageOf, systemCode } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ChainHead } from './audit-chain.ts';

const headForm = z.object({ sequence: z.number().int().nonnegative(), hash: z.string() });

/** The head that was written last; undefined when there is none or it cannot be understood. */
export async function readHead(path: string): Promise<ChainHead | undefined> {
  try {
    return headForm.parse(JSON.parse(await fs.readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts the head in place of the one before, durably. A crash leaves the old or the new one. */
export async function writeHead(disk: Disk, path: string, head: ChainHead): Promise<Result<void>> {
  const beside = `${path}.next`;
  try {
    await disk.remove(beside);
    const file = await disk.open(beside, 'create');
    try {
      await file.write(utf8(`${JSON.stringify(head)}\n`), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(beside, path);
    await disk.syncFolder(dirname(path));
    return ok(undefined);
  } catch (cause) {
    const detail = `${path} cannot be written: ${messageOf(cause)}`;
    const code = isDiskFull(cause) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
    return err(lgError(code, detail, cause));
  }
}
