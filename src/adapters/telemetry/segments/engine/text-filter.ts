import { FOREIGN_BYTE, TOKEN_BYTE, TOKEN_PRIME, TOKEN_START } from './text-tokens.ts';

/** Rows of a block: a search reads no fewer, and a filter of fewer rows costs more a row. */
export const BLOCK_ROWS = 4096;

/** Bits per distinct token: with five probes one lookup in thirty is a false hit. */
const BITS_PER_TOKEN = 7;

/** Bits that are set for each token. */
export const PROBES = 5;

/** A block of more tokens gets no filter: the set below stays at most half full. */
const TOKENS_MAX = 32_768;
const SLOTS = 2 * TOKENS_MAX;

/** Instead of a length: nothing is known of this block. */
export const UNKNOWN = 0xffff;

/** The columns that a text is sought in. */
export const TEXT_COLUMNS = ['body', 'attributes'] as const;

/** One of them. */
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/**
 * Bloom filters of the words and numbers of a segment's texts, one for every 4,096 rows and column.
 * They say which rows a search need not read: VictoriaLogs keeps such filters for each data block.
 */
export class TextCollector {
  readonly #columns = { body: new ColumnCollector(), attributes: new ColumnCollector() };

  /** Adds texts in the order of the rows: their lengths (32 bits) and bytes, as Parquet's PLAIN. */
  add(column: TextColumn, texts: Uint8Array): void {
    this.#columns[column].add(texts);
  }

  /** Adds the texts of the next rows of one block, with line feeds between them. */
  addLines(column: TextColumn, lines: Uint8Array, rows: number): void {
    this.#columns[column].addTexts(lines, 0, lines.length, rows);
  }

  /** Rows a block, then for each column the number of blocks, their lengths and their filters. */
  filter(): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [words(BLOCK_ROWS)];
    for (const column of TEXT_COLUMNS) {
      const blocks = this.#columns[column].finish();
      const lengths = Uint16Array.from(blocks, (block) => block?.length ?? UNKNOWN);
      parts.push(words(blocks.length), new Uint8Array(lengths.buffer));
      for (const block of blocks) if (block !== undefined) parts.push(block);
    }
    return new Uint8Array(Buffer.concat(parts));
  }
}

/** The filters of one column's blocks; undefined for a block that no filter can stand for. */
class ColumnCollector {
  readonly #blocks: (Uint8Array | undefined)[] = [];
  /** Hashes of the block's tokens by open addressing; 0 is a free slot. */
  readonly #slots = new Uint32Array(SLOTS);
  /** The same hashes without the free slots. */
  readonly #hashes = new Uint32Array(TOKENS_MAX);
  #tokens = 0;
  #rows = 0;
  #isUnknown = false;

  add(texts: Uint8Array): void {
    const view = new DataView(texts.buffer, texts.byteOffset, texts.byteLength);
    for (let at = 0; at < texts.length;) {
      const start = at + 4;
      at = start + view.getUint32(at, true);
      this.addTexts(texts, start, at, 1);
    }
  }

  addTexts(texts: Uint8Array, start: number, end: number, rows: number): void {
    if (end > start && !this.#isUnknown) this.#addTokens(texts, start, end);
    this.#rows += rows;
    if (this.#rows === BLOCK_ROWS) this.#endBlock();
  }

  finish(): readonly (Uint8Array | undefined)[] {
    if (this.#rows > 0) this.#endBlock();
    return this.#blocks;
  }

  /** Runs for every byte that is stored: no calls within a token, no memory. */
  #addTokens(texts: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      let byte = TOKEN_BYTE[texts[at] ?? 0] ?? 0;
      if (byte === 0) {
        at += 1;
        continue;
      }
      const from = at;
      let hash = TOKEN_START;
      let seen = 0;
      do {
        seen |= byte;
        hash = Math.imul(hash ^ byte, TOKEN_PRIME);
        at += 1;
        byte = at < end ? (TOKEN_BYTE[texts[at] ?? 0] ?? 0) : 0;
      } while (byte !== 0);
      if ((seen & FOREIGN_BYTE) === 0) this.#addToken(hash >>> 0);
      else if (lowersToAscii(texts, from, at)) this.#isUnknown = true;
    }
  }

  #addToken(hash: number): void {
    const wanted = hash === 0 ? 1 : hash;
    const slots = this.#slots;
    let slot = (wanted ^ (wanted >>> 15)) & (SLOTS - 1);
    while (slots[slot] !== wanted && slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    if (slots[slot] === wanted) return;
    if (this.#tokens === TOKENS_MAX) {
      this.#isUnknown = true;
      return;
    }
    slots[slot] = wanted;
    this.#hashes[this.#tokens] = wanted;
    this.#tokens += 1;
  }

  #endBlock(): void {
    const hashes = this.#hashes.subarray(0, this.#tokens);
    this.#blocks.push(this.#isUnknown ? undefined : bloomOf(hashes));
    this.#slots.fill(0);
    this.#tokens = 0;
    this.#rows = 0;
    this.#isUnknown = false;
  }
}

/**
 * Two letters outside of ASCII are a letter of ASCII in lower case: the Kelvin sign (U+212A) is a
 * `k`, the I with a dot (U+0130) an `i`. A search finds them as such, the hashes would not.
 */
function lowersToAscii(texts: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (texts[at] === 0xc4 && texts[at + 1] === 0xb0) return true;
    if (texts[at] === 0xe2 && texts[at + 1] === 0x84 && texts[at + 2] === 0xaa) return true;
  }
  return false;
}

function bloomOf(hashes: Uint32Array): Uint8Array {
  const filter = new Uint8Array(Math.ceil((hashes.length * BITS_PER_TOKEN) / 8));
  for (const hash of hashes) {
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = bitOf(hash, probe, filter.length * 8);
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** The position of a probe by double hashing (Kirsch and Mitzenmacher, 2006). */
export function bitOf(hash: number, probe: number, bits: number): number {
  let step = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  step = (step ^ (step >>> 13)) | 1;
  return ((hash + Math.imul(probe, step)) >>> 0) % bits;
}

/** A 32-bit number, little endian. */
function words(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
