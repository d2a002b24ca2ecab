import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../base/bytes.ts';
import type { ProviderIo } from '../ports/provider.ts';

/** As many as nobody guesses, who would make it first and keep us from it. */
const NAME_BYTES = 8;

/** The note about a folder: it may hold secrets, so a kill must not leave it for long. */
const NOTE = 'private-folder';

/**
 * Works with a new folder that nobody else may enter, and removes it. One that a killed work left
 * is removed by the next.
 */
export async function inPrivateFolder<Answer>(
  io: Pick<ProviderIo, 'notes'>,
  work: (folder: string) => Promise<Answer>,
): Promise<Answer> {
  await removePrivateFolder(io);
  // Noted before it is there: a kill in between must not leave one that nobody knows of.
  const folder = join(tmpdir(), `lastgood-private-${toHex(randomBytes(NAME_BYTES))}`);
  await io.notes.put(NOTE, folder);
  await fs.mkdir(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await removePrivateFolder(io);
  }
}

async function removePrivateFolder(io: Pick<ProviderIo, 'notes'>): Promise<void> {
  const folder = await io.notes.get(NOTE);
  if (folder === undefined) return;
  await fs.rm(folder, { recursive: true, force: true });
  await io.notes.remove(NOTE);
}
