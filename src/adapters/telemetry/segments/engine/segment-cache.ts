import { SegmentReader } from '../segment/segment-reader.ts';
import type { SegmentRef } from './protocol.ts';

/** A reader that is in use until `done` is called. */
export interface Lease {
  readonly reader: SegmentReader;
  readonly done: () => void;
}

interface Entry {
  readonly reader: SegmentReader;
  users: number;
}

/** Keeps decrypted segments within a bound; the least recently used idle one goes first. */
export class SegmentCache {
  readonly #folder: string;
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();

  constructor(folder: string, bytesMax: number) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  /** Opens a segment. Throws `SegmentDamaged` or a system error. */
  open(segment: SegmentRef): Lease {
    const known = this.#entries.get(segment.id);
    const entry = known ?? {
      reader: new SegmentReader(segment.path, segment.key, this.#folder),
      users: 0,
    };
    // Set again, because a map iterates in order of insertion: the oldest use comes first.
    this.#entries.delete(segment.id);
    this.#entries.set(segment.id, entry);
    entry.users += 1;
    return {
      reader: entry.reader,
      done: () => {
        entry.users -= 1;
        this.#shrink();
      },
    };
  }

  forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.users > 0) return;
    this.#entries.delete(id);
    entry.reader.close();
  }

  close(): void {
    for (const { reader } of this.#entries.values()) reader.close();
    this.#entries.clear();
  }

  #shrink(): void {
    let bytes = 0;
    for (const { reader } of this.#entries.values()) bytes += reader.bytes;
    for (const [id, { reader, users }] of this.#entries) {
      if (bytes <= this.#bytesMax) return;
      if (users > 0) continue;
      bytes -= reader.bytes;
      this.#entries.delete(id);
      reader.close();
    }
  }
}
