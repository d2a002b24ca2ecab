import type { Packed } from '../batch-layout.ts';

/** Bits per distinct trace id: with five probes one lookup in fifty is a false hit. */
const BITS_PER_TRACE = 8;
const PROBES = 5;

/** Gathers the trace ids of a hot table, eight bytes a record that has one. */
export class TraceCollector {
  #hashes = new Float64Array(1024);
  #length = 0;

  add(high: Packed<Uint8Array>, low: Packed<Uint8Array>): void {
    const [highs, lows] = [words(high.values), words(low.values)];
    const rows = Math.max(highs.length, lows.length) / 2;
    for (let row = 0; row < rows; row += 1) {
      const h = high.constant ? 0 : 2 * row;
      const l = low.constant ? 0 : 2 * row;
      const hash = traceHash(highs[h] ?? 0, highs[h + 1] ?? 0, lows[l] ?? 0, lows[l + 1] ?? 0);
      if (hash !== 0) this.#push(hash);
    }
  }

  /** Adds one id by its words of 32 bits, each half with its low one first. */
  addId(words32: readonly [number, number, number, number]): void {
    const hash = traceHash(...words32);
    if (hash !== 0) this.#push(hash);
  }

  #push(hash: number): void {
    if (this.#length === this.#hashes.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#length] = hash;
    this.#length += 1;
  }

  /** The Bloom filter of all ids; empty when there are none. */
  filter(): Uint8Array {
    const distinct = distinctValues(this.#hashes.subarray(0, this.#length));
    const filter = new Uint8Array(Math.ceil((distinct.length * BITS_PER_TRACE) / 8));
    const bits = filter.length * 8;
    for (const hash of distinct) {
      const step = stepOf(hash);
      for (let i = 0; i < PROBES; i += 1) {
        const bit = bitOf(hash, step, i, bits);
        filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    }
    return filter;
  }
}

/** The values without repeats, by open addressing: sorting them takes eight times as long. */
function distinctValues(values: Float64Array): Float64Array {
  const slots = 2 ** Math.ceil(Math.log2(2 * values.length + 2));
  const table = new Float64Array(slots);
  const distinct = new Float64Array(values.length);
  let count = 0;
  for (const value of values) {
    let at = value % slots;
    while (table[at] !== 0 && table[at] !== value) at = (at + 1) % slots;
    if (table[at] === value) continue;
    table[at] = value;
    distinct[count] = value;
    count += 1;
  }
  return distinct.subarray(0, count);
}

/** Whether a table with this filter may hold the trace. */
export function mayHoldTrace(filter: Uint8Array, high: bigint, low: bigint): boolean {
  const half = (value: bigint, shift: bigint): number => Number((value >> shift) & 0xffffffffn);
  const hash = traceHash(half(high, 0n), half(high, 32n), half(low, 0n), half(low, 32n));
  if (hash === 0 || filter.length === 0) return false;
  const step = stepOf(hash);
  for (let i = 0; i < PROBES; i += 1) {
    const bit = bitOf(hash, step, i, filter.length * 8);
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** 52 bits of an id, 0 for the absent id. Ids are random, but not every sender's are. */
function traceHash(a: number, b: number, c: number, d: number): number {
  if ((a | b | c | d) === 0) return 0;
  const low = mix(a ^ Math.imul(c, 0x9e3779b1));
  const high = mix(b ^ Math.imul(d, 0x85ebca77) ^ low);
  return (high >>> 12) * 2 ** 32 + low + 1;
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The distance between the probes of a hash. */
function stepOf(hash: number): number {
  return mix((hash % 2 ** 32) ^ Math.floor(hash / 2 ** 32)) | 1;
}

/** The position of a probe by double hashing (Kirsch and Mitzenmacher, 2006). */
function bitOf(hash: number, step: number, probe: number, bits: number): number {
  return (((hash % 2 ** 32) + probe * step) >>> 0) % bits;
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
