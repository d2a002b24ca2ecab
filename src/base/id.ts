import type { Brand } from './brand.ts';

/** Draws `length` random bytes; the real one is `crypto.randomBytes`, tests bring a seeded one. */
export type RandomBytes = (length: number) => Uint8Array;

/** An identifier such as `inc_01jd3k9x7c4t9v0b` that sorts by creation time. */
export type SortableId<Prefix extends string> = Brand<`${Prefix}_${string}`, Prefix>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Makes an id of a prefix, 48 bits of milliseconds and 40 random bits in Crockford's base 32 (the
 * idea of ULID, shortened: ids are made by one daemon, a few a second).
 */
export function sortableId<Prefix extends string>(
  prefix: Prefix,
  unixMs: number,
  random: RandomBytes,
): SortableId<Prefix> {
  let time = '';
  for (let rest = Math.floor(unixMs), i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = (ALPHABET[rest % 32] ?? '0') + time;
  }
  let tail = '';
  for (const byte of random(8)) tail += ALPHABET[byte % 32] ?? '0';
  return `${prefix}_${time}${tail}` as SortableId<Prefix>;
}
