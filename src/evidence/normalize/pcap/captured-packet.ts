/** One packet as a capture holds it. */
export interface CapturedPacket {
  /** Nanoseconds since the epoch; undefined where the format keeps none. */
  readonly timeNs: bigint | undefined;
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html): how `bytes` begins. */
  readonly linkType: number;
  /** What was captured; valid until the next push. */
  readonly bytes: Uint8Array;
  /** Its length on the wire; at least that of `bytes`. */
  readonly length: number;
  /** The interface it was seen on, where the format tells. */
  readonly interfaceName: string | undefined;
}

/** What is cut from a capture. */
export type CapturePart =
  | { readonly kind: 'packet'; readonly packet: CapturedPacket }
  | { readonly kind: 'garbage'; readonly reason: string; readonly bytes: Uint8Array };

/** Reads one of the formats, in whatever pieces it comes. */
export interface CaptureReader {
  /** Takes what is complete from `at` on, and answers where it stopped. */
  take(input: Uint8Array, parts: CapturePart[]): number;
  /** Bytes that belong to nothing we read and are passed over without being held. */
  skips: number;
  /** The rest cannot be read: where a packet begins is not known any more. */
  readonly isLost: boolean;
}

/** libpcap refuses longer packets (MAXIMUM_SNAPLEN), and so does tcpdump. */
export const PACKET_BYTES_MAX = 256 * 1024;

/** Garbage is shown up to this length. */
export const GARBAGE_BYTES_MAX = 64;

/** The largest time a record can bear, in nanoseconds: the year 2262. */
export const TIME_NS_MAX = 2n ** 63n - 1n;
