import type { OpenFile } from './file-access.ts';
import { marks, type FilePosition } from './file-position.ts';

/** What a file is to the files that are known. */
export type CopyVerdict =
  /** No copy: it is read from its own beginning. */
  | { readonly kind: 'own' }
  /** A copy of which everything was read, or will be read in its original: leave it alone. */
  | { readonly kind: 'copy' }
  /** Too short to tell: look again. */
  | { readonly kind: 'unclear' }
  /** A copy of a file that was cut before it was read to its end: go on in the copy. */
  | { readonly kind: 'rest'; readonly original: FilePosition };

/** A head of fewer bytes may be a banner that several logs begin with. */
const SURE_HEAD_BYTES = 256;

/** A position, and whether its file is still there as it was when it was read. */
export interface KnownPosition {
  readonly position: FilePosition;
  readonly isFollowed: boolean;
}

/**
 * copytruncate makes a copy before it cuts the original. Where the copy matches a pattern too, it
 * may be seen half written, or before the original is cut; its lines were read, or will be, in the
 * original, and only what the cut took away is read in the copy: nothing twice, and nothing lost.
 */
export async function judgeCopy(
  handle: OpenFile,
  path: string,
  known: readonly KnownPosition[],
): Promise<CopyVerdict> {
  const { size } = await handle.look();
  let isUnclear = false;
  for (const { position, isFollowed } of known) {
    const { head, tail, offset } = position;
    const isNamedAfter = path.startsWith(position.path) && path !== position.path;
    if (!isNamedAfter || offset === 0 || position.identity === handle.identity) continue;
    if (size < head.length) {
      isUnclear = true;
    } else if (marks(head, await readMarked(handle, 0, head.length))) {
      if (size < offset) {
        // Half written, or what was added after the copying was read before the cut.
        if (head.length >= SURE_HEAD_BYTES) return { kind: 'copy' };
        isUnclear = true;
      } else if (marks(tail, await readMarked(handle, offset - tail.length, tail.length))) {
        return isFollowed ? { kind: 'copy' } : { kind: 'rest', original: position };
      }
    }
  }
  return { kind: isUnclear ? 'unclear' : 'own' };
}

/** The bytes that a mark may be one of. */
export async function readMarked(
  handle: OpenFile,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, await handle.read(bytes, at));
}
