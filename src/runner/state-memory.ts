import { fromUtf8Strict, utf8 } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Disk } from '../base/disk.ts';
import { sha256 } from '../base/hash.ts';
import type { Log } from '../base/log.ts';
import { messageOf } from '../base/error.ts';
import type { Keyring } from '../ports/keyring.ts';
import type { ProviderIo, ProviderNotes } from '../ports/provider.ts';
import { openOwnKey } from './own-key.ts';
import { SealedFiles } from './sealed-files.ts';

/** What a host remembers for its states, encrypted: a cache that may go and notes that must not. */
export interface StateMemory {
  /** The cache of a state; `keep` writes it back when it changed. */
  cache(state: string): Promise<{ readonly cache: ProviderIo['cache']; keep(): Promise<void> }>;
  notes(state: string): ProviderNotes;
}

/** Opens the memory in a folder. LG_KEY_WRONG is thrown when it was written with another key. */
export async function openStateMemory(
  disk: Disk,
  folder: string,
  keyring: Keyring,
  log: Log,
): Promise<StateMemory> {
  await disk.makeFolder(folder);
  const key = await openOwnKey(disk, folder, 'key.json', keyring);
  const files = new SealedFiles(disk, folder, key);
  return {
    async cache(state) {
      const name = `cache-${fileOf(state)}`;
      const kept = await readCache(files, name);
      let isChanged = false;
      return {
        cache: {
          get: (entry) => kept.get(entry),
          put(entry, value) {
            kept.set(entry, value);
            isChanged = true;
          },
        },
        async keep() {
          if (!isChanged) return;
          try {
            await writeCache(files, name, kept);
          } catch (thrown) {
            // Losing the cache costs time, not truth.
            log.warn('StateCacheWriteError', { state, why: messageOf(thrown) });
          }
        },
      };
    },
    notes: (state) => notesOf(files, `notes-${fileOf(state)}`),
  };
}

function fileOf(state: string): string {
  return sha256(state).slice(0, 32);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Entries one after the other: lengths of name and value as 32-bit numbers, name, value. */
async function readCache(files: SealedFiles, name: string): Promise<Map<string, Uint8Array>> {
  const kept = new Map<string, Uint8Array>();
  const bytes = await files.read(name);
  if (bytes === undefined || bytes === 'damaged') return kept;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const nameEnd = at + 8 + view.getUint32(at);
    const valueEnd = nameEnd + view.getUint32(at + 4);
    const entry = fromUtf8Strict(bytes.subarray(at + 8, nameEnd));
    if (entry !== undefined) kept.set(entry, bytes.subarray(nameEnd, valueEnd));
    at = valueEnd;
  }
  return kept;
}

function writeCache(
  files: SealedFiles,
  name: string,
  kept: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const parts: Uint8Array[] = [];
  for (const [entry, value] of kept) {
    const label = utf8(entry);
    const lengths = new DataView(new ArrayBuffer(8));
    lengths.setUint32(0, label.length);
    lengths.setUint32(4, value.length);
    parts.push(new Uint8Array(lengths.buffer), label, value);
  }
  return files.write(name, Buffer.concat(parts));
}

function notesOf(files: SealedFiles, file: string): ProviderNotes {
  const read = async (): Promise<Map<string, string>> => {
    const bytes = await files.read(file);
    if (bytes === undefined) return new Map();
    if (bytes === 'damaged') throw new Error(`the notes ${file} are damaged`);
    const value: unknown = JSON.parse(fromUtf8Strict(bytes) ?? '{}');
    const pairs = Object.entries(isObject(value) ? value : {});
    return new Map(pairs.map(([name, text]: [string, unknown]) => [name, String(text)]));
  };
  const write = (notes: ReadonlyMap<string, string>): Promise<void> =>
    files.write(file, utf8(canonicalJson(Object.fromEntries(notes))));
  return {
    get: async (name) => (await read()).get(name),
    put: async (name, text) => write((await read()).set(name, text)),
    async remove(name) {
      const notes = await read();
      if (notes.delete(name)) await write(notes);
    },
  };
}
