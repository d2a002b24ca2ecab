import type { Disk, DiskFile } from '../../../../base/disk.ts';
import type { Keyring } from '../../../../ports/keyring.ts';
import { FRAME_HEADER_BYTES, frameLength, readFrame, type Frame } from './frame.ts';
import { fileIdOf, lsnOfName, readHeader, type LogKey } from './log-file.ts';

/** One log file as it was found. */
export interface ReplayedFile {
  readonly name: string;
  readonly firstLsn: number;
  readonly bytes: number;
  /** Why the file must be kept aside once its readable rows are sealed. */
  readonly damage?: string;
}

/** Bytes looked at when a frame before the tail is broken and the next good one is sought. */
const HEADER_READ_BYTES = 32 * 1024;

const MAGIC_FIRST = 0x4c;

/**
 * Reads every frame of the log in order and hands it to `use`. A torn tail is cut (nobody was told
 * that it is stored); damage before the tail is passed over and reported. What was read is made
 * durable: a crash may have left it in memory only.
 */
export async function replayLog(
  disk: Disk,
  keyring: Keyring,
  folder: string,
  use: (frame: Frame) => Promise<void>,
): Promise<readonly ReplayedFile[]> {
  const found: ReplayedFile[] = [];
  for (const name of await disk.list(folder)) {
    const firstLsn = lsnOfName(name);
    if (firstLsn === undefined) continue;
    const file = await disk.open(`${folder}/${name}`, 'edit');
    try {
      const read = await replayFile(file, keyring, use);
      if (read === undefined) await disk.remove(`${folder}/${name}`);
      else found.push({ name, firstLsn, ...read });
    } finally {
      await file.close();
    }
  }
  return found;
}

/** Undefined for a file whose creation broke off: it can hold no frames. */
async function replayFile(
  file: DiskFile,
  keyring: Keyring,
  use: (frame: Frame) => Promise<void>,
): Promise<Pick<ReplayedFile, 'bytes' | 'damage'> | undefined> {
  const size = await file.size();
  const head = new Uint8Array(Math.min(size, HEADER_READ_BYTES));
  await file.read(head, 0);
  const header = readHeader(head);
  if (header.kind === 'torn') return undefined;
  if (header.kind === 'broken') return { bytes: size, damage: 'its header was altered' };
  const key = await keyring.unwrap(header.wrapped);
  if (!key.ok) return { bytes: size, damage: 'its key does not open' };
  const keys = { key: key.value, fileId: fileIdOf(header.bytes), start: header.bytes.length };
  return await replayFrames(file, size, keys, use);
}

async function replayFrames(
  file: DiskFile,
  size: number,
  keys: LogKey,
  use: (frame: Frame) => Promise<void>,
): Promise<Pick<ReplayedFile, 'bytes' | 'damage'>> {
  let at = keys.start;
  let damage: string | undefined;
  while (at < size) {
    const read = await readAt(file, at, size, keys);
    if (read.kind === 'frame') {
      await use(read.frame);
      at += read.length;
      continue;
    }
    const next = await nextFrame(file, at + 1, size, keys);
    if (next === undefined) break;
    damage ??= `${read.why} at byte ${at}`;
    at = next;
  }
  if (at < size) await file.truncate(at);
  await file.sync();
  return damage === undefined ? { bytes: at } : { bytes: at, damage };
}

async function readAt(
  file: DiskFile,
  at: number,
  size: number,
  keys: LogKey,
): Promise<ReturnType<typeof readFrame>> {
  const head = new Uint8Array(Math.min(FRAME_HEADER_BYTES, size - at));
  await file.read(head, at);
  const length = frameLength(head);
  if (length === undefined) return { kind: 'broken', why: 'no frame header' };
  if (at + length > size) return { kind: 'broken', why: 'the frame is cut off' };
  const bytes = new Uint8Array(length);
  await file.read(bytes, at);
  return readFrame(bytes, keys.key, keys.fileId);
}

/** Where the next frame that opens begins, at or after `from`. */
async function nextFrame(
  file: DiskFile,
  from: number,
  size: number,
  keys: LogKey,
): Promise<number | undefined> {
  const window = new Uint8Array(64 * 1024);
  for (let base = from; base < size; base += window.length - FRAME_HEADER_BYTES) {
    const filled = await file.read(window, base);
    const seen = window.subarray(0, filled);
    for (let i = seen.indexOf(MAGIC_FIRST); i >= 0; i = seen.indexOf(MAGIC_FIRST, i + 1)) {
      if (frameLength(seen.subarray(i, i + FRAME_HEADER_BYTES)) === undefined) continue;
      const read = await readAt(file, base + i, size, keys);
      if (read.kind === 'frame') return base + i;
    }
  }
  return undefined;
}
