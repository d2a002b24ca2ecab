import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { freeMemory } from '../free-memory.ts';
import {
  PAGE_ENCODING,
  PAGE_TYPE,
  readPageHeader,
  type PageHeader,
} from '../parquet/page-header.ts';
import { loweredTexts, type LoweredTexts, type TextSeeker } from './text-seeker.ts';

/** A column of a row group of a segment. */
export interface ChunkName {
  readonly segment: string;
  readonly column: string;
  readonly group: number;
}

/** The pages of a column chunk that texts stand in; undefined when they cannot be searched. */
type Pages = readonly LoweredTexts[] | undefined;

/**
 * Texts of segments as they are searched: decompressed, in lower case. Those searched last are kept
 * within a bound, because people refine a search; decompressing is nine tenths of it.
 */
export class TextPages {
  readonly #bytesMax: number;
  readonly #kept = new Map<string, Pages>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a column chunk may hold what is sought; `read` gives its bytes when it is needed. */
  async mayHold(name: ChunkName, read: () => Uint8Array, seek: TextSeeker): Promise<boolean> {
    const key = keyOf(name);
    const pages = this.#kept.has(key) ? this.#kept.get(key) : await readPages(read());
    const holds = pages?.some(seek) ?? true;
    // Behind the search: what is kept may be given up for it at once.
    this.#keep(key, pages);
    return holds;
  }

  /** Gives up what it keeps of a segment. */
  forget(segment: string): void {
    for (const key of this.#kept.keys()) {
      if (key.startsWith(keyOf({ segment }))) this.#drop(key);
    }
  }

  #keep(key: string, pages: Pages): void {
    const known = this.#kept.get(key);
    // Set again, because a map iterates in order of insertion: the oldest use comes first.
    this.#kept.delete(key);
    this.#kept.set(key, known ?? pages);
    if (known === undefined) this.#bytes += bytesOf(pages);
    else if (known !== pages) freeMemory((pages ?? []).map(({ bytes }) => bytes));
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const pages = this.#kept.get(key);
    this.#kept.delete(key);
    this.#bytes -= bytesOf(pages);
    freeMemory((pages ?? []).map(({ bytes }) => bytes));
  }
}

function keyOf({
  segment,
  column,
  group,
}: Pick<ChunkName, 'segment'> & Partial<ChunkName>): string {
  return column === undefined ? `${segment}/` : `${segment}/${column}/${group}`;
}

function bytesOf(pages: Pages): number {
  return (pages ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function readPages(chunk: Uint8Array): Promise<Pages> {
  const headers: PageHeader[] = [];
  for (let at = 0; at < chunk.length; at = headers.at(-1)?.end ?? chunk.length) {
    const header = readPageHeader(chunk, at);
    if (header === undefined || !isReadable(header)) return undefined;
    headers.push(header);
  }
  if (headers.length === 0) return undefined;
  // Every text of a dictionary stands in the page in front of those with its indexes.
  const ofTexts = headers.filter(({ encoding }) => encoding !== PAGE_ENCODING.dictionaryIndexes);
  return await Promise.all(ofTexts.map((header) => readTexts(chunk, header)));
}

function isReadable({ type, encoding }: PageHeader): boolean {
  const isKnown = type === PAGE_TYPE.data || type === PAGE_TYPE.dictionary;
  return isKnown && ENCODINGS.has(encoding);
}

/** In these every text is in one piece. */
const ENCODINGS: ReadonlySet<number> = new Set(Object.values(PAGE_ENCODING));

async function readTexts(chunk: Uint8Array, page: PageHeader): Promise<LoweredTexts> {
  // One byte more: a buffer that is just full is followed by another one.
  const chunkSize = Math.max(64, page.plainBytes + 1);
  return loweredTexts(await decompress(chunk.subarray(page.start, page.end), { chunkSize }));
}

const decompress = promisify(zstdDecompress);
