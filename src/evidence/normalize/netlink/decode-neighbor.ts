import { addressAt, readAttributes } from './read-attributes.ts';

/** What the kernel knows of a neighbor on a link (ARP, NDP). */
export interface LinkNeighbor {
  readonly address: string;
  readonly index: number;
  readonly protocol: 'arp' | 'ndp';
  /** Whether it can be reached as far as the kernel knows; undefined while it is finding out. */
  readonly isThere: boolean | undefined;
}

/** struct ndmsg, and the attributes and states of linux/neighbour.h. */
const HEADER_BYTES = 12;
const NDA_DST = 1;
const NUD_REACHABLE = 0x02;
const NUD_FAILED = 0x20;
const NUD_PERMANENT = 0x80;
const AF_INET = 2;
const AF_INET6 = 10;

/** Decodes RTM_NEWNEIGH. 'other': entries of bridges. undefined: malformed. */
export function decodeNeighbor(body: DataView): LinkNeighbor | 'other' | undefined {
  if (body.byteLength < HEADER_BYTES) return undefined;
  const family = body.getUint8(0);
  if (family !== AF_INET && family !== AF_INET6) return 'other';
  const attributes = readAttributes(body, HEADER_BYTES);
  const address = attributes === undefined ? undefined : addressAt(attributes, NDA_DST);
  if (address === undefined) return undefined;
  const state = body.getUint16(8, true);
  const isFound = (state & (NUD_REACHABLE | NUD_PERMANENT)) !== 0;
  const isFailed = (state & NUD_FAILED) !== 0;
  return {
    address,
    index: body.getInt32(4, true),
    protocol: family === AF_INET ? 'arp' : 'ndp',
    isThere: isFound ? true : isFailed ? false : undefined,
  };
}
