import { fromUtf8Strict, utf8 } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Disk } from '../base/disk.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { readWhole, replaceFile } from './replace-file.ts';

/** Keeps writers that were overtaken from writing, see recovery.md 1, property 9. */
export interface Fence {
  /**
   * Lets a token pass that is not older than any seen for the state, and remembers it durably
   * first. LG_PROVIDER_TOKEN_STALE otherwise.
   */
  pass(state: string, token: number): Promise<Result<void>>;
}

/** Opens the fence kept in a folder. Throws when its file is damaged: guessing would unfence. */
export async function openFence(disk: Disk, folder: string): Promise<Fence> {
  const path = `${folder}/fence.json`;
  const bytes = await readWhole(disk, path);
  const highest = new Map<string, number>(bytes === undefined ? [] : decode(bytes, path));
  return {
    async pass(state, token) {
      const seen = highest.get(state) ?? 0;
      if (token < seen) {
        const what = `${state}: token ${token} is older than ${seen}`;
        return err(lgError('LG_PROVIDER_TOKEN_STALE', what));
      }
      if (token > seen) {
        highest.set(state, token);
        const text = canonicalJson(Object.fromEntries(highest));
        await replaceFile(disk, folder, 'fence.json', utf8(text));
      }
      return ok(undefined);
    },
  };
}

function decode(bytes: Uint8Array, path: string): [string, number][] {
  const value: unknown = JSON.parse(fromUtf8Strict(bytes) ?? 'null');
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is damaged`);
  return Object.entries(value).map(([state, token]: [string, unknown]) => {
    if (typeof token !== 'number') throw new Error(`${path} is damaged at ${state}`);
    return [state, token];
  });
}
