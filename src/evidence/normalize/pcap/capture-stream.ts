import { concatBytes } from '../../../base/bytes.ts';
import { ClassicReader, classicForm } from './classic-reader.ts';
import { GARBAGE_BYTES_MAX, type CapturePart, type CaptureReader } from './captured-packet.ts';
import { PcapngReader } from './pcapng-reader.ts';

/** The first block of a pcapng file, the same in either byte order. */
const PCAPNG_FIRST = 0x0a0d0d0a;

/** Cuts a capture into packets, in whatever pieces it comes and whichever format it is of. */
export class CaptureStream {
  #reader: CaptureReader | undefined;
  #rest: Uint8Array = new Uint8Array();
  #skips = 0;
  #isLost = false;

  push(bytes: Uint8Array): readonly CapturePart[] {
    if (this.#isLost) return [];
    const fresh = bytes.subarray(Math.min(this.#skips, bytes.length));
    this.#skips -= bytes.length - fresh.length;
    const input = concatBytes([this.#rest, fresh]);
    const parts: CapturePart[] = [];
    this.#reader ??= readerOf(input);
    if (this.#reader === undefined) {
      this.#rest = input;
      if (input.length >= 4) this.#giveUp(parts, 'it begins like no pcap nor pcapng file');
      return parts;
    }
    const end = this.#reader.take(input, parts);
    this.#skips += this.#reader.skips;
    this.#reader.skips = 0;
    this.#rest = input.subarray(end);
    if (this.#reader.isLost) this.#giveUp(parts);
    return parts;
  }

  /** What is left when the input ends: a packet without its end. */
  end(): readonly CapturePart[] {
    const parts: CapturePart[] = [];
    const { length } = this.#rest;
    if (length > 0 && !this.#isLost) {
      this.#giveUp(parts, `the input ends within a packet, ${length} bytes after its start`);
    }
    return parts;
  }

  #giveUp(parts: CapturePart[], reason?: string): void {
    this.#isLost = true;
    const bytes = this.#rest.slice(0, GARBAGE_BYTES_MAX);
    if (reason !== undefined) parts.push({ kind: 'garbage', reason, bytes });
    this.#rest = new Uint8Array();
  }
}

function readerOf(input: Uint8Array): CaptureReader | undefined {
  if (input.length < 4) return undefined;
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (view.getUint32(0) === PCAPNG_FIRST) return new PcapngReader();
  const form = classicForm(view);
  return form === undefined ? undefined : new ClassicReader(form);
}
