import type { FileHandle } from 'node:fs/promises';

/** Fills `into` from offset `at` of a file; answers how many bytes there were before its end. */
export async function fillFrom(handle: FileHandle, into: Uint8Array, at: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
