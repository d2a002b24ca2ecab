import { addressAt, readAttributes } from './read-attributes.ts';

/** An address of an interface. */
export interface InterfaceAddress {
  /** With the length of its prefix: `10.0.1.1/30`. */
  readonly address: string;
  /** The number of the interface. */
  readonly index: number;
}

/** struct ifaddrmsg, and the attributes of linux/if_addr.h. */
const HEADER_BYTES = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;

/** Decodes RTM_NEWADDR and RTM_DELADDR; undefined: malformed. */
export function decodeAddress(body: DataView): InterfaceAddress | undefined {
  if (body.byteLength < HEADER_BYTES) return undefined;
  const attributes = readAttributes(body, HEADER_BYTES);
  if (attributes === undefined) return undefined;
  // On a point-to-point link IFA_ADDRESS is the other end.
  const address = addressAt(attributes, IFA_LOCAL) ?? addressAt(attributes, IFA_ADDRESS);
  if (address === undefined) return undefined;
  return { address: `${address}/${body.getUint8(1)}`, index: body.getUint32(4, true) };
}
