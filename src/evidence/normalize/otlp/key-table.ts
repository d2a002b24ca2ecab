import { utf8 } from '../../../base/bytes.ts';
import { sliceable, utf8Slice, type SliceableBytes } from '../../../base/text-slice.ts';

/** What a known attribute key is beside an attribute. */
export type KeyRole = 'plain' | 'uid' | 'event-name';

/** One attribute key, with its forms computed once. */
export interface KeyEntry {
  readonly text: string;
  /** The UTF-8 bytes it was found by. */
  readonly bytes: Uint8Array;
  /** `"key":` as JSON. */
  readonly json: Uint8Array;
  readonly hash: number;
  readonly role: KeyRole;
}

/** More distinct keys than this come from a hostile or broken sender: the table starts anew. */
const ENTRIES_MAX = 4096;

/** Half empty at its fullest, so that probes stay short. */
const SLOTS = 8192;

/** A chosen set of colliding keys costs at most this many comparisons each. */
const PROBES_MAX = 16;

/** Longer keys are rare and hostile; they are not remembered. */
const KEY_BYTES_MAX = 256;

/** An entry that the table remembers, with the key that followed it last time. */
interface Remembered {
  readonly entry: KeyEntry;
  follower: Remembered | undefined;
}

/**
 * Finds the entry of a key by its bytes, without making a text of keys seen before. Records of one
 * statement have their keys in one order, so the key that followed last time is tried first.
 */
export class KeyTable {
  #slots: (Remembered | undefined)[] = emptySlots();
  #count = 0;
  #last: Remembered | undefined;

  /** The entry of the key that stands in `bytes` from `start` to before `end`. */
  find(bytes: SliceableBytes, start: number, end: number): KeyEntry {
    const guess = this.#last?.follower;
    if (guess !== undefined && sameBytes(guess.entry.bytes, bytes, start, end)) {
      this.#last = guess;
      return guess.entry;
    }
    const found = this.#lookUp(bytes, start, end);
    if (!('entry' in found)) return found;
    if (this.#last !== undefined) this.#last.follower = found;
    this.#last = found;
    return found.entry;
  }

  /** The entry of a key given as text. */
  of(text: string): KeyEntry {
    const bytes = sliceable(utf8(text));
    const found = this.#lookUp(bytes, 0, bytes.length);
    return 'entry' in found ? found.entry : found;
  }

  #lookUp(bytes: SliceableBytes, start: number, end: number): Remembered | KeyEntry {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const slot = (hash + probe) & (SLOTS - 1);
      const known = this.#slots[slot];
      if (known === undefined) return this.#remember(newEntry(bytes, start, end, hash), slot);
      if (known.entry.hash === hash && sameBytes(known.entry.bytes, bytes, start, end))
        return known;
    }
    return newEntry(bytes, start, end, hash);
  }

  #remember(entry: KeyEntry, slot: number): Remembered | KeyEntry {
    if (entry.bytes.length > KEY_BYTES_MAX) return entry;
    if (this.#count >= ENTRIES_MAX) {
      this.#slots = emptySlots();
      this.#count = 0;
      this.#last = undefined;
    }
    const remembered = { entry, follower: undefined };
    this.#slots[slot] = remembered;
    this.#count += 1;
    return remembered;
  }
}

function emptySlots(): (Remembered | undefined)[] {
  return new Array<Remembered | undefined>(SLOTS).fill(undefined);
}

function newEntry(bytes: SliceableBytes, start: number, end: number, hash: number): KeyEntry {
  const text = utf8Slice(bytes, start, end);
  return {
    text,
    bytes: Uint8Array.prototype.slice.call(bytes, start, end),
    json: utf8(`${JSON.stringify(text)}:`),
    hash,
    role: text === 'log.record.uid' ? 'uid' : text === 'event.name' ? 'event-name' : 'plain',
  };
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) {
    if (known[at] !== bytes[start + at]) return false;
  }
  return true;
}
