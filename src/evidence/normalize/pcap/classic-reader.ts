import {
  GARBAGE_BYTES_MAX,
  PACKET_BYTES_MAX,
  type CapturePart,
  type CaptureReader,
} from './captured-packet.ts';

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
/** Header of the format with magic 0xa1b2cd34 (Kuznetzov's patch), which old systems wrote. */
const PATCHED_HEADER_BYTES = 24;

/** The upper bits of the link type say whether frames end with a check sum. */
const LINK_TYPE_BITS = 0x03ffffff;

/** How the magic number says a file is written (draft-ietf-opsawg-pcap). */
interface Form {
  readonly isLittle: boolean;
  readonly nsOfFraction: bigint;
  readonly headerBytes: number;
}

const FORMS: ReadonlyMap<number, Omit<Form, 'isLittle'>> = new Map([
  [0xa1b2c3d4, { nsOfFraction: 1000n, headerBytes: PACKET_HEADER_BYTES }],
  [0xa1b23c4d, { nsOfFraction: 1n, headerBytes: PACKET_HEADER_BYTES }],
  [0xa1b2cd34, { nsOfFraction: 1000n, headerBytes: PATCHED_HEADER_BYTES }],
]);

/** The form of a file by its first four bytes; undefined when it is no classic capture. */
export function classicForm(head: DataView): Form | undefined {
  for (const isLittle of [true, false]) {
    const form = FORMS.get(head.getUint32(0, isLittle));
    if (form !== undefined) return { ...form, isLittle };
  }
  return undefined;
}

/** Reads what `tcpdump -w` writes: one header, then packets of one link type. */
export class ClassicReader implements CaptureReader {
  readonly #form: Form;
  #linkType: number | undefined;
  isLost = false;
  skips = 0;

  constructor(form: Form) {
    this.#form = form;
  }

  take(input: Uint8Array, parts: CapturePart[]): number {
    const { isLittle, nsOfFraction, headerBytes } = this.#form;
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    let at = 0;
    if (this.#linkType === undefined) {
      if (input.length < FILE_HEADER_BYTES) return 0;
      this.#linkType = view.getUint32(20, isLittle) & LINK_TYPE_BITS;
      at = FILE_HEADER_BYTES;
    }
    while (input.length - at >= headerBytes) {
      const captured = view.getUint32(at + 8, isLittle);
      const length = view.getUint32(at + 12, isLittle);
      if (captured > PACKET_BYTES_MAX) {
        const reason = `a packet of ${captured} bytes: the capture is damaged, the rest is lost`;
        parts.push({ kind: 'garbage', reason, bytes: input.slice(at, at + GARBAGE_BYTES_MAX) });
        this.isLost = true;
        return input.length;
      }
      if (input.length - at < headerBytes + captured) break;
      const seconds = BigInt(view.getUint32(at, isLittle));
      const fraction = BigInt(view.getUint32(at + 4, isLittle));
      const start = at + headerBytes;
      parts.push({
        kind: 'packet',
        packet: {
          timeNs: seconds * 1_000_000_000n + fraction * nsOfFraction,
          linkType: this.#linkType,
          bytes: input.subarray(start, start + captured),
          length: Math.max(length, captured),
          interfaceName: undefined,
        },
      });
      at = start + captured;
    }
    return at;
  }
}
