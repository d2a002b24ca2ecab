import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { utf8 } from '../../base/bytes.ts';
import { realDisk } from '../../base/disk.ts';
import { messageOf, systemCode } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/access/principal.ts';
import type { TokenRegister } from './token-register.ts';

/** Marks the token that lies in the file, so that people see where it comes from. */
export const LOCAL_ADMIN_NAME = 'admin.token';

/** How many tokens people have made: the one in the file does not count for `listenerPolicy`. */
export function peoplesTokens(register: TokenRegister): number {
  return register.list().filter(({ name }) => name !== LOCAL_ADMIN_NAME).length;
}

/** The bearer of the token in the file, and the token. */
export interface LocalAdmin {
  readonly principal: Principal;
  readonly token: string;
}

/**
 * Makes sure that the file at `path` (0600) holds a working admin token, which the command line of
 * this machine finds. An ordinary token: it is listed and can be revoked; the next start then makes
 * another.
 */
export async function ensureLocalAdmin(
  path: string,
  register: TokenRegister,
): Promise<Result<LocalAdmin>> {
  const present = await readToken(path);
  const bearer = present === undefined ? undefined : register.find(present);
  if (present !== undefined && bearer?.role === 'admin') {
    return ok({ principal: bearer, token: present });
  }
  for (const { id, name } of register.list()) {
    if (name !== LOCAL_ADMIN_NAME) continue;
    const revoked = await register.revoke(id, 'lastgood');
    if (!revoked.ok) return revoked;
  }
  const made = await register.create({ role: 'admin', name: LOCAL_ADMIN_NAME }, 'lastgood');
  if (!made.ok) return made;
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await realDisk.open(beside, 'create');
    try {
      await file.write(utf8(`${made.value.token}\n`), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await realDisk.rename(beside, path);
    await realDisk.syncFolder(dirname(path));
  } catch (cause) {
    await realDisk.remove(beside).catch(() => undefined);
    const detail = `${path} cannot be written: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail, cause));
  }
  const { id, token } = made.value;
  return ok({ principal: { id: `token:${id}`, role: 'admin' }, token });
}

/** A file that others could read or write is not trusted: its token is replaced. */
async function readToken(path: string): Promise<string | undefined> {
  try {
    if (((await fs.stat(path)).mode & 0o077) !== 0) return undefined;
    return (await fs.readFile(path, 'utf8')).trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EACCES') return undefined;
    throw error;
  }
}
