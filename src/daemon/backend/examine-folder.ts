import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/error.ts';
import type { Finding } from '../../api/contract.ts';
import type { DataFolder } from '../../config/data-folder.ts';

/** With less a segment, a checkpoint and their compaction do not fit beside each other. */
const FREE_BYTES_MIN = 1024 ** 3;

/** File systems slow down and fragment when they are fuller. */
const FREE_SHARE_MIN = 0.05;

/** The key: whether only its owner reads it, and that a copy matters. */
export async function examineKey(
  { key, root }: Pick<DataFolder, 'key' | 'root'>,
  keyId: string,
): Promise<readonly Finding[]> {
  const base = { area: 'key', subject: key };
  try {
    const { mode, uid } = await fs.stat(key);
    const octal = (mode & 0o7777).toString(8).padStart(4, '0');
    const seen = `key ${keyId}, mode ${octal}, owner ${uid}`;
    if ((mode & 0o077) !== 0) {
      return [
        { ...base, ok: false, seen: `${seen}: others may read it`, mend: `chmod 600 ${key}` },
      ];
    }
    const isBeside = key.startsWith(`${root}/`);
    const where = isBeside ? 'it lies with the data it opens' : 'it lies apart from the data';
    const copy = `${where}; keep a copy elsewhere: install -m 600 ${key} /PLACE/OF/COPY`;
    return [
      { ...base, ok: true, seen },
      { ...base, ok: true, seen: `nothing can be read without it, and ${copy}` },
    ];
  } catch (thrown) {
    const mend = `put the copy of key ${keyId} back, or stop and restore a backup with it`;
    return [{ ...base, ok: false, seen: messageOf(thrown), mend }];
  }
}

/** The disk of the data: free space, and a real write that is synced. */
export async function examineDisk(root: string): Promise<Finding> {
  const base = { area: 'disk', subject: root };
  try {
    const { bavail, blocks, bsize } = await fs.statfs(root);
    const free = bavail * bsize;
    const share = blocks === 0 ? 0 : bavail / blocks;
    const syncMs = await timeSync(root);
    const seen = `${gigabytes(free)} (${Math.round(share * 100)} %) free, fsync ${syncMs} ms`;
    if (free >= FREE_BYTES_MIN && share >= FREE_SHARE_MIN) return { ...base, ok: true, seen };
    const mend = 'free space, give the disk more, or shorten checkpoints.keep and retention';
    return { ...base, ok: false, seen, mend };
  } catch (thrown) {
    const mend = 'free space or remount it for writing; no evidence can be kept until then';
    return { ...base, ok: false, seen: `cannot be written: ${messageOf(thrown)}`, mend };
  }
}

async function timeSync(root: string): Promise<number> {
  const path = join(root, `.doctor-${randomBytes(6).toString('hex')}`);
  const beganMs = performance.now();
  const file = await fs.open(path, 'wx', 0o600);
  try {
    await file.write('doctor');
    await file.sync();
  } finally {
    await file.close();
    await fs.rm(path, { force: true });
  }
  return Math.round(performance.now() - beganMs);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
