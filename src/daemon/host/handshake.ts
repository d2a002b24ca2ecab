import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemCode } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/**
 * How core and host runner know each other over a socket. Node cannot ask the kernel who is at the
 * other end (SO_PEERCRED), so three things stand in for it: only root and one group may enter the
 * socket's folder, only they may open the socket, and both ends prove that they know a secret
 * that only they may read. Neither end ever sends it.
 */

/** As long as the digest it is used with. */
const SECRET_BYTES = 32;

/** The secret lies beside its socket, `fw.secret` beside `fw.sock`: a folder may hold several. */
export function secretFile(socket: string): string {
  return join(dirname(socket), `${basename(socket, '.sock')}.secret`);
}

/** Draws a new secret for this run, readable for us and the group. */
export async function makeSecret(socket: string, gid: number): Promise<Uint8Array> {
  const path = secretFile(socket);
  const secret = randomBytes(SECRET_BYTES);
  await fs.rm(path, { force: true });
  const file = await fs.open(path, 'wx', 0o600);
  try {
    await file.write(secret.toString('hex'));
    await file.chown(process.getuid?.() ?? 0, gid);
    await file.chmod(0o640);
  } finally {
    await file.close();
  }
  return secret;
}

/** The secret of the host runner that serves a socket. LG_RUNTIME_HOST_DOWN when there is none. */
export async function readSecret(socket: string): Promise<Result<Uint8Array>> {
  const path = secretFile(socket);
  try {
    const text = (await fs.readFile(path, 'utf8')).trim();
    if (/^[0-9a-f]{64}$/.test(text)) return ok(Buffer.from(text, 'hex'));
    return err(lgError('LG_RUNTIME_HOST_DOWN', `${path} holds no secret`));
  } catch (cause) {
    const why = systemCode(cause) === 'EACCES' ? 'may not be read' : messageOf(cause);
    return err(lgError('LG_RUNTIME_HOST_DOWN', `${path}: ${why}`, cause));
  }
}

/** Something new to be proven over: an old answer proves nothing. */
export function newNonce(): string {
  return randomBytes(SECRET_BYTES).toString('hex');
}

/** What an end that knows the secret says about both nonces; the two ends say different things. */
export function proofOf(
  secret: Uint8Array,
  end: 'core' | 'host',
  nonces: readonly [core: string, host: string],
): string {
  const text = `lastgood host 1 ${end} ${nonces[0]} ${nonces[1]}`;
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Whether two proofs are the same, in constant time. */
export function isProof(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
