import { addressText } from '../../../base/address-text.ts';

/** Attributes of a message by type, as views of its bytes (struct rtattr, rtnetlink(7)). */
export type Attributes = ReadonlyMap<number, DataView>;

const LITTLE = true;
const HEADER_BYTES = 4;

/** The upper two bits say "nested" and "network byte order". */
const TYPE_MASK = 0x3fff;

/** The largest family, links, has about 70 types. */
const ATTRIBUTES_MAX = 256;

/** Reads attributes from offset `at` on; undefined when one leads out of the message. */
export function readAttributes(body: DataView, at: number): Attributes | undefined {
  const found = new Map<number, DataView>();
  let offset = at;
  while (body.byteLength - offset >= HEADER_BYTES) {
    const length = body.getUint16(offset, LITTLE);
    const type = body.getUint16(offset + 2, LITTLE) & TYPE_MASK;
    if (length < HEADER_BYTES || length > body.byteLength - offset) return undefined;
    if (found.size === ATTRIBUTES_MAX) return undefined;
    found.set(type, new DataView(body.buffer, body.byteOffset + offset + 4, length - 4));
    offset += (length + 3) & ~3;
  }
  return found;
}

/** A 32-bit number; undefined when it is absent or too short. */
export function numberAt(attributes: Attributes, type: number): number | undefined {
  const view = attributes.get(type);
  return view === undefined || view.byteLength < 4 ? undefined : view.getUint32(0, LITTLE);
}

/** A byte; undefined when it is absent. */
export function byteAt(attributes: Attributes, type: number): number | undefined {
  const view = attributes.get(type);
  return view === undefined || view.byteLength < 1 ? undefined : view.getUint8(0);
}

/** A text that ends with a zero; unprintable bytes become question marks. */
export function textAt(attributes: Attributes, type: number): string | undefined {
  const view = attributes.get(type);
  if (view === undefined) return undefined;
  let text = '';
  for (let at = 0; at < view.byteLength; at += 1) {
    const byte = view.getUint8(at);
    if (byte === 0) break;
    text += byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  }
  return text;
}

/** An IPv4 or IPv6 address as people write it; undefined for another length. */
export function addressAt(attributes: Attributes, type: number): string | undefined {
  const view = attributes.get(type);
  return view === undefined ? undefined : addressText(view);
}
