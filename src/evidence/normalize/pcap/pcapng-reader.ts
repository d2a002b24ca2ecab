import { looseText } from '../../../base/text-slice.ts';
import {
  GARBAGE_BYTES_MAX,
  PACKET_BYTES_MAX,
  TIME_NS_MAX,
  type CapturePart,
  type CapturedPacket,
  type CaptureReader,
} from './captured-packet.ts';

/** Block types of draft-ietf-opsawg-pcapng. */
const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 2, simple: 3, enhanced: 6 } as const;
const READ: ReadonlySet<number> = new Set(Object.values(BLOCK));

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type and length, and the length once more at the end. */
const BLOCK_BYTES_MIN = 12;
/** A packet with its options; libpcap reads up to 16 MiB, but no packet is that long. */
const BLOCK_BYTES_MAX = PACKET_BYTES_MAX + 64 * 1024;
/** A section of more interfaces is damaged. */
const INTERFACES_MAX = 65_536;

/** What an interface description says. */
interface Interface {
  readonly linkType: number;
  readonly name: string | undefined;
  /** Nanoseconds of the epoch of a stamp in this interface's units. */
  readonly toNs: (units: bigint) => bigint | undefined;
}

/** Reads what Wireshark and dumpcap write: blocks, of several interfaces and sections. */
export class PcapngReader implements CaptureReader {
  #isLittle = true;
  #interfaces: Interface[] = [];
  isLost = false;
  skips = 0;

  take(input: Uint8Array, parts: CapturePart[]): number {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    let at = 0;
    while (input.length - at >= BLOCK_BYTES_MIN) {
      const isSection = view.getUint32(at, true) === BLOCK.section;
      if (isSection) this.#isLittle = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      const type = view.getUint32(at, this.#isLittle);
      const length = view.getUint32(at + 4, this.#isLittle);
      const why = isSection && !isSectionHeader(view, at) ? 'no section header' : whyNone(length);
      const isTooLong = READ.has(type) && length > BLOCK_BYTES_MAX;
      if (why !== undefined || isTooLong) {
        const what = why ?? `a packet block of ${length} bytes`;
        const reason = `${what}: the capture is damaged, the rest is lost`;
        parts.push({ kind: 'garbage', reason, bytes: input.slice(at, at + GARBAGE_BYTES_MAX) });
        this.isLost = true;
        return input.length;
      }
      if (!READ.has(type)) {
        this.skips = Math.max(0, length - (input.length - at));
        at = Math.min(input.length, at + length);
        continue;
      }
      if (input.length - at < length) break;
      const body = new DataView(input.buffer, input.byteOffset + at + 8, length - BLOCK_BYTES_MIN);
      this.#block(type, body, parts);
      at += length;
    }
    return at;
  }

  #block(type: number, body: DataView, parts: CapturePart[]): void {
    if (type === BLOCK.section) this.#interfaces = [];
    else if (type === BLOCK.interface) this.#describe(body);
    else {
      const packet = this.#packet(type, body);
      if (packet !== undefined) parts.push({ kind: 'packet', packet });
      else {
        const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
        const shown = bytes.slice(0, GARBAGE_BYTES_MAX);
        parts.push({ kind: 'garbage', reason: 'a packet block without its packet', bytes: shown });
      }
    }
  }

  #describe(body: DataView): void {
    if (body.byteLength < 8 || this.#interfaces.length >= INTERFACES_MAX) return;
    const options = optionsOf(body, 8, this.#isLittle);
    this.#interfaces.push({
      linkType: body.getUint16(0, this.#isLittle),
      name: nameOf(options.get(2)),
      toNs: unitsToNs(options.get(9), options.get(14), this.#isLittle),
    });
  }

  #packet(type: number, body: DataView): CapturedPacket | undefined {
    const isLittle = this.#isLittle;
    if (type === BLOCK.simple) {
      const from = this.#interfaces[0];
      if (from === undefined || body.byteLength < 4) return undefined;
      const length = body.getUint32(0, isLittle);
      const bytes = bytesAt(body, 4, Math.min(length, body.byteLength - 4));
      return bytes && { timeNs: undefined, ...known(from), bytes, length };
    }
    if (body.byteLength < 20) return undefined;
    // The obsolete packet block keeps the interface in 16 bits, then a count of drops.
    const id = type === BLOCK.packet ? body.getUint16(0, isLittle) : body.getUint32(0, isLittle);
    const from = this.#interfaces[id];
    if (from === undefined) return undefined;
    const high = BigInt(body.getUint32(4, isLittle));
    const units = (high << 32n) | BigInt(body.getUint32(8, isLittle));
    const bytes = bytesAt(body, 20, body.getUint32(12, isLittle));
    const length = body.getUint32(16, isLittle);
    if (bytes === undefined) return undefined;
    return {
      timeNs: from.toNs(units),
      ...known(from),
      bytes,
      length: Math.max(length, bytes.length),
    };
  }
}

function known({ linkType, name }: Interface): Pick<CapturedPacket, 'linkType' | 'interfaceName'> {
  return { linkType, interfaceName: name };
}

function isSectionHeader(view: DataView, at: number): boolean {
  return [true, false].some((isLittle) => view.getUint32(at + 8, isLittle) === BYTE_ORDER_MAGIC);
}

function whyNone(length: number): string | undefined {
  if (length >= BLOCK_BYTES_MIN && length % 4 === 0) return undefined;
  return `a block of ${length} bytes`;
}

function bytesAt(body: DataView, at: number, length: number): Uint8Array | undefined {
  if (length > PACKET_BYTES_MAX || body.byteLength - at < length) return undefined;
  return new Uint8Array(body.buffer, body.byteOffset + at, length);
}

/** The options of a block by their codes; a later one of the same code is passed over. */
function optionsOf(body: DataView, from: number, isLittle: boolean): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  let at = from;
  while (body.byteLength - at >= 4) {
    const code = body.getUint16(at, isLittle);
    const length = body.getUint16(at + 2, isLittle);
    if (code === 0 || body.byteLength - at - 4 < length) break;
    const value = new Uint8Array(body.buffer, body.byteOffset + at + 4, length);
    if (!options.has(code)) options.set(code, value);
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}

/** Names are short; a long one is no name. */
const NAME_BYTES_MAX = 256;

function nameOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const end = bytes.indexOf(0);
  return looseText(bytes.slice(0, Math.min(NAME_BYTES_MAX, end < 0 ? bytes.length : end)));
}

/** `if_tsresol`: a power of ten, or of two with the highest bit; `if_tsoffset`: seconds. */
function unitsToNs(
  resolution: Uint8Array | undefined,
  offset: Uint8Array | undefined,
  isLittle: boolean,
): Interface['toNs'] {
  const exponent = resolution?.[0] ?? 6;
  const base = (exponent & 0x80) === 0 ? 10n : 2n;
  const perSecond = base ** BigInt(exponent & 0x7f);
  const seconds =
    offset?.length === 8
      ? new DataView(offset.buffer, offset.byteOffset, 8).getBigInt64(0, isLittle)
      : 0n;
  return (units) => {
    const ns = (units * 1_000_000_000n) / perSecond + seconds * 1_000_000_000n;
    return ns >= 0n && ns <= TIME_NS_MAX ? ns : undefined;
  };
}
