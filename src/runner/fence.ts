import { fromUtf8Strict, utf8 } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Disk } from '../base/disk.ts';
import { sha256 } from '../base/hash.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { readWhole, replaceFile } from './replace-file.ts';

/** Keeps writers that were overtaken from writing, see recovery.md 1, property 9. */
export interface Fence {
  /**
   * Lets a token pass that is not older than any seen for the state, and remembers it durably
   * first. LG_PROVIDER_TOKEN_STALE otherwise. Throws when what is remembered is damaged: guessing
   * would unfence. Whoever writes the state beside other processes holds its lock meanwhile.
   */
  pass(state: string, token: number): Promise<Result<void>>;
  /** The run's own dead-man is gone for good: who armed it goes on where it was overtaken. */
  regain(state: string, token: number): Promise<void>;
}

/** The token of a dead-man: newer than that of who armed it, older than that of who takes over. */
export function deadManToken(token: number): number {
  return token + 0.5;
}

/**
 * Opens the fence kept in a folder, one file a state: host runner and dead-man share it, so nothing
 * of it is kept in memory.
 */
export async function openFence(disk: Disk, folder: string): Promise<Fence> {
  const fences = `${folder}/fences`;
  await disk.makeFolder(fences);
  const nameOf = (state: string): string => sha256(state).slice(0, 32);
  const seenOf = async (state: string): Promise<number> => {
    const path = `${fences}/${nameOf(state)}`;
    return decode(await readWhole(disk, path), path);
  };
  const write = (state: string, token: number): Promise<void> =>
    replaceFile(disk, fences, nameOf(state), utf8(canonicalJson({ state, token })));
  return {
    async pass(state, token) {
      const seen = await seenOf(state);
      if (token < seen) {
        const what = `${state}: token ${token} is older than ${seen}`;
        return err(lgError('LG_PROVIDER_TOKEN_STALE', what));
      }
      if (token > seen) await write(state, token);
      return ok(undefined);
    },
    async regain(state, token) {
      if ((await seenOf(state)) === deadManToken(token)) await write(state, token);
    },
  };
}

function decode(bytes: Uint8Array | undefined, path: string): number {
  if (bytes === undefined) return 0;
  const value: unknown = JSON.parse(fromUtf8Strict(bytes) ?? 'null');
  const { token }: { readonly token: unknown } = { token: undefined, ...Object(value) };
  if (typeof token !== 'number') throw new Error(`${path} is damaged`);
  return token;
}
