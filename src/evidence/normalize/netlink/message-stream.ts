import { concatBytes } from '../../../base/bytes.ts';

/** One netlink message (struct nlmsghdr, netlink(7)); `body` is what follows the header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly body: DataView;
}

/** What is cut from a stream. */
export type NetlinkPart =
  | { readonly kind: 'message'; readonly message: NetlinkMessage }
  | { readonly kind: 'garbage'; readonly reason: string; readonly bytes: Uint8Array };

/** The stamp rtmon writes before each message: u32 seconds, u32 microseconds. */
export const NLMSG_TSTAMP = 15;

/** The message is one of many that answer a question: state, not change. */
export const NLM_F_MULTI = 2;

/** Netlink is of the byte order of its machine; those we run on are little-endian. */
const LITTLE = true;

const HEADER_BYTES = 16;
const STAMP_BYTES = 24;

/** Kernels send at most 32 KiB at once; a link with many addresses has 2 KiB. */
const MESSAGE_BYTES_MAX = 64 * 1024;

/** Message types of rtnetlink that rtmon writes: links to neighbors, and its stamps. */
const TYPE_MOST = 128;

/** The first words of `ip address save` and `ip route save` (iproute2, ip/ipaddress.c). */
const DUMP_MAGICS: ReadonlySet<number> = new Set([0x47361222, 0x45311224]);

/** Input that fits nothing is shown up to this length. */
const GARBAGE_BYTES_MAX = 256;

/**
 * Cuts what rtmon and `ip … save` write into messages, in whatever pieces it comes. After garbage
 * it goes on at the next stamp.
 */
export class NetlinkStream {
  #rest: Uint8Array = new Uint8Array();
  #isAtStart = true;
  #isLost = false;

  push(bytes: Uint8Array): readonly NetlinkPart[] {
    const input = this.#rest.length === 0 ? bytes : concatBytes([this.#rest, bytes]);
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    const parts: NetlinkPart[] = [];
    let at = 0;
    if (this.#isAtStart && input.length >= 4) {
      this.#isAtStart = false;
      if (DUMP_MAGICS.has(view.getUint32(0, LITTLE))) at = 4;
    }
    while (!this.#isAtStart) {
      if (this.#isLost) {
        const found = stampAfter(view, at);
        at = found.at;
        if (!found.isThere) break;
        this.#isLost = false;
      }
      if (input.length - at < HEADER_BYTES) break;
      const length = view.getUint32(at, LITTLE);
      const type = view.getUint16(at + 4, LITTLE);
      if (length < HEADER_BYTES || length > MESSAGE_BYTES_MAX || type > TYPE_MOST) {
        const shown = input.slice(at, at + GARBAGE_BYTES_MAX);
        const reason = `no netlink message: length ${length}, type ${type}`;
        parts.push({ kind: 'garbage', reason, bytes: shown });
        this.#isLost = true;
        at += 1;
        continue;
      }
      const padded = (length + 3) & ~3;
      if (input.length - at < padded) break;
      const body = new DataView(
        input.buffer,
        input.byteOffset + at + HEADER_BYTES,
        length - HEADER_BYTES,
      );
      const flags = view.getUint16(at + 6, LITTLE);
      parts.push({ kind: 'message', message: { type, flags, body } });
      at += padded;
    }
    this.#rest = input.slice(at);
    return parts;
  }

  /** What is left when the input ends: a message without its end. */
  end(): readonly NetlinkPart[] {
    const rest = this.#rest;
    this.#rest = new Uint8Array();
    if (rest.length === 0 || this.#isLost) return [];
    const reason = `the input ends within a message, ${rest.length} bytes after its start`;
    return [{ kind: 'garbage', reason, bytes: rest.slice(0, GARBAGE_BYTES_MAX) }];
  }
}

/** Where the next stamp may begin; bytes before it need not be looked at again. */
function stampAfter(view: DataView, from: number): { at: number; isThere: boolean } {
  let at = from;
  for (; at + HEADER_BYTES <= view.byteLength; at += 1) {
    if (view.getUint8(at) !== STAMP_BYTES) continue;
    const isStamp =
      view.getUint32(at, LITTLE) === STAMP_BYTES &&
      view.getUint32(at + 4, LITTLE) === NLMSG_TSTAMP &&
      view.getUint32(at + 8, LITTLE) === 0;
    if (isStamp) return { at, isThere: true };
  }
  return { at, isThere: false };
}
