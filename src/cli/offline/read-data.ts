import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { LastgoodError, messageOf } from '../../base/error.ts';
import { latin1Slice, sliceable } from '../../base/text-slice.ts';
import { fromUnixMs, type TimeNs } from '../../base/time.ts';
import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import { detectFormat, HEAD_BYTES } from '../../evidence/normalize/detect-format.ts';
import { FORMATS } from '../../evidence/normalize/formats.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ResolveEntity } from '../../model/component/entity.ts';
import { ABSENT_NS, type RecordBatch } from '../../model/record/record-batch.ts';
import type { DataFile } from './data-files.ts';
import { UnpackLimit } from './unpack-limit.ts';

/** What became of one file. */
export interface ReadFile {
  readonly path: string;
  /** Somebody said what format it is of. */
  readonly isForced: boolean;
  /** It was found in a folder, and not named itself. */
  readonly isFound: boolean;
  /** Undefined: it was passed over, because it is of no known format. */
  readonly format: string | undefined;
  readonly records: number;
  /** Those that say no time: they count as written when their file was written last. */
  readonly undated: number;
  readonly rejects: number;
  /** Why the first reject was none of its format. */
  readonly firstReject: string | undefined;
  /** Why the rest of it was not read. */
  readonly cut?: string;
}

type Counted = 'records' | 'undated' | 'rejects' | 'firstReject';
type Counts = { -readonly [Name in Counted]: ReadFile[Name] };

/**
 * Reads files of any mix of formats, one after the other, packed by gzip or not; `take` gets every
 * batch in the order of its file. Records count as observed when their file was last written: of a
 * stamp without a year, or no stamp at all, that is the best witness. `resolve` knows the
 * inventory, if there is one.
 */
export async function readData(
  files: readonly DataFile[],
  take: (batch: RecordBatch) => void,
  signal: AbortSignal,
  resolve: ResolveEntity = createEntityResolver(),
): Promise<readonly ReadFile[]> {
  const read: ReadFile[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const { head, writtenNs, isPacked } = await lookAt(file.path);
    const format = file.format ?? detectFormat(head);
    if (format === undefined) {
      if (!file.isFound) throw unknownFormat(file.path, head);
      read.push({ ...identityOf(file, format), ...noCounts() });
      continue;
    }
    const factory = FORMATS[format];
    if (factory === undefined) throw lgError('LG_RUNTIME_USAGE', `there is no format ${format}`);
    const normalizer = factory({
      source: basename(file.path),
      observedNs: () => writtenNs,
      resolve,
      zoneMinutes: (ms) => -new Date(ms).getTimezoneOffset(),
    });
    const counts = noCounts();
    const sort = (parts: ReturnType<typeof normalizer.push>): void => {
      for (const part of parts) {
        if (part.kind === 'batch') {
          counts.records += part.batch.rows;
          counts.undated += undatedIn(part.batch);
          take(part.batch);
          continue;
        }
        counts.rejects += 1;
        counts.firstReject ??= part.reject.reason;
      }
    };
    let cut: { readonly cut?: string } = {};
    try {
      for await (const bytes of bytesOf(file.path, isPacked)) {
        signal.throwIfAborted();
        sort(normalizer.push(bytes));
      }
    } catch (cause) {
      // One file that unfolds without end must not cost what the others tell.
      if (!isExpanding(cause)) throw cause;
      cut = { cut: `${cause.code}: ${cause.detail}` };
    }
    sort(normalizer.end());
    read.push({ ...identityOf(file, format), ...counts, ...cut });
  }
  return read;
}

function noCounts(): Counts {
  return { records: 0, undated: 0, rejects: 0, firstReject: undefined };
}

function identityOf(file: DataFile, format: string | undefined): Omit<ReadFile, Counted> {
  const { path, isFound } = file;
  return { path, format, isForced: file.format !== undefined, isFound };
}

function undatedIn({ timeNs }: RecordBatch): number {
  return timeNs.reduce((count, time) => (time === ABSENT_NS ? count + 1 : count), 0);
}

interface Look {
  readonly head: Uint8Array;
  readonly writtenNs: TimeNs;
  readonly isPacked: boolean;
}

async function lookAt(path: string): Promise<Look> {
  try {
    const handle = await open(path);
    try {
      const { mtimeMs } = await handle.stat();
      const { bytesRead, buffer } = await handle.read({ buffer: new Uint8Array(HEAD_BYTES) });
      const raw = buffer.subarray(0, bytesRead);
      const isPacked = raw[0] === 0x1f && raw[1] === 0x8b;
      const head = isPacked ? await unpackedHead(path) : raw;
      return { head, writtenNs: fromUnixMs(mtimeMs), isPacked };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, cause);
  }
}

async function unpackedHead(path: string): Promise<Uint8Array> {
  for await (const bytes of bytesOf(path, true)) return bytes.subarray(0, HEAD_BYTES);
  return new Uint8Array();
}

async function* bytesOf(path: string, isPacked: boolean): AsyncGenerator<Uint8Array> {
  const file: ReadStream = createReadStream(path, { highWaterMark: HEAD_BYTES });
  const input = isPacked ? file.pipe(createGunzip()) : file;
  const limit = isPacked ? new UnpackLimit(path) : undefined;
  file.on('error', (cause) => input.destroy(cause));
  try {
    for await (const chunk of input) {
      limit?.take(chunk.length, file.bytesRead);
      yield chunk;
    }
  } catch (cause) {
    if (isExpanding(cause)) throw cause;
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, cause);
  } finally {
    file.destroy();
  }
}

function isExpanding(cause: unknown): cause is LastgoodError {
  return cause instanceof LastgoodError && cause.code === 'LG_INGEST_FILE_EXPANDS';
}

/** What the journal's own files begin with; only journalctl reads them. */
const JOURNAL_FILE = 'LPKSHHRH';

function unknownFormat(path: string, head: Uint8Array): Error {
  const begins = latin1Slice(sliceable(head), 0, JOURNAL_FILE.length);
  const advice =
    begins === JOURNAL_FILE
      ? `journalctl --file ${path} -o export writes it as a file that can be read`
      : `name what it is: FORMAT:${path}, of ${Object.keys(FORMATS).join(', ')}`;
  return lgError('LG_INGEST_FILE_UNREADABLE', `${path}: binary, of no known format; ${advice}`);
}
