import { utf8 } from '../../../base/bytes.ts';
import { utf8Slice, type SliceableBytes } from '../../../base/text-slice.ts';

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

/** Finds the entry of a key by its bytes, without making a text of keys seen before. */
export class KeyTable {
  #slots: (KeyEntry | undefined)[] = emptySlots();
  #count = 0;

  /** The entry of the key that stands in `bytes` from `start` to before `end`. */
  find(bytes: SliceableBytes, start: number, end: number): KeyEntry {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const slot = (hash + probe) & (SLOTS - 1);
      const entry = this.#slots[slot];
      if (entry === undefined) return this.#remember(bytes, start, end, hash, slot);
      if (entry.hash === hash && sameBytes(entry.bytes, bytes, start, end)) return entry;
    }
    return newEntry(bytes, start, end, hash);
  }

  /** The entry of a key given as text. */
  of(text: string): KeyEntry {
    const bytes = Buffer.from(text, 'utf8');
    return this.find(bytes, 0, bytes.length);
  }

  #remember(
    bytes: SliceableBytes,
    start: number,
    end: number,
    hash: number,
    slot: number,
  ): KeyEntry {
    const entry = newEntry(bytes, start, end, hash);
    if (end - start > KEY_BYTES_MAX) return entry;
    if (this.#count >= ENTRIES_MAX) {
      this.#slots = emptySlots();
      this.#count = 0;
    }
    this.#slots[slot] = entry;
    this.#count += 1;
    return entry;
  }
}

function emptySlots(): (KeyEntry | undefined)[] {
  return Array.from({ length: SLOTS }, () => undefined);
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
