import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderIo } from '../ports/provider.ts';

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
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-private-'));
  await io.notes.put(NOTE, folder);
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
