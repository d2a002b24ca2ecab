/** Numbers in 0..1, the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Bytes at which parsers break: limits of varints and lengths, quotes, braces, line ends. */
const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x22, 0x5c, 0x3c, 0x3e, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Longer inputs say little more about a parser and cost executions. */
const INPUT_BYTES_MAX = 16 * 1024;

/** Changes an input in one to eight places, or joins two inputs. */
export function mutate(corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const pick = (below: number): number => Math.floor(random() * below);
  let bytes = Buffer.from(corpus[pick(corpus.length)] ?? []);
  const changes = 1 + pick(8);
  for (let change = 0; change < changes; change += 1) {
    bytes = mutateOnce(bytes, corpus, pick).subarray(0, INPUT_BYTES_MAX);
  }
  return new Uint8Array(bytes);
}

function mutateOnce(
  bytes: Buffer<ArrayBuffer>,
  corpus: readonly Uint8Array[],
  pick: (below: number) => number,
): Buffer<ArrayBuffer> {
  const at = pick(bytes.length + 1);
  const length = 1 + pick(Math.max(1, Math.min(64, bytes.length)));
  const around = (middle: Uint8Array, end: number): Buffer<ArrayBuffer> =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)]);
  switch (pick(8)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      flipped[at % Math.max(1, bytes.length)] = (flipped[at] ?? 0) ^ (1 << pick(8));
      return flipped;
    }
    case 1: {
      const set = Buffer.from(bytes);
      set[at % Math.max(1, bytes.length)] = INTERESTING[pick(INTERESTING.length)] ?? 0;
      return set;
    }
    case 2:
      return around(Buffer.from([pick(256)]), at);
    case 3:
      return around(Buffer.alloc(0), at + length);
    case 4:
      return around(bytes.subarray(at, at + length), at);
    case 5:
      return bytes.subarray(0, at);
    case 6: {
      const other = corpus[pick(corpus.length)] ?? Buffer.alloc(0);
      return around(other.subarray(pick(other.length + 1)), bytes.length);
    }
    default:
      // Repetition finds what is quadratic.
      return around(repeated(bytes.subarray(at, at + 8), length * 8), at);
  }
}

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}
