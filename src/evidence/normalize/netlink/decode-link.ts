import type { InterfaceState } from '../../../model/component/interface-change.ts';
import { byteAt, readAttributes, textAt } from './read-attributes.ts';

/** struct ifinfomsg, and the attributes of linux/if_link.h. */
const HEADER_BYTES = 16;
const IFLA_IFNAME = 3;
const IFLA_OPERSTATE = 16;
const IFF_UP = 1;
const IFF_RUNNING = 0x40;

/** The states of RFC 2863 as linux/if.h numbers them. */
const OPER_STATES = [
  'unknown',
  'notpresent',
  'down',
  'lowerlayerdown',
  'testing',
  'dormant',
  'up',
] as const;

/**
 * Decodes RTM_NEWLINK and RTM_DELLINK. 'other': a message about a port of a bridge, which has the
 * same type and is no state of the link. undefined: malformed.
 */
export function decodeLink(body: DataView): InterfaceState | 'other' | undefined {
  if (body.byteLength < HEADER_BYTES) return undefined;
  if (body.getUint8(0) !== 0) return 'other';
  const attributes = readAttributes(body, HEADER_BYTES);
  const name = attributes === undefined ? undefined : textAt(attributes, IFLA_IFNAME);
  if (attributes === undefined || name === undefined || name === '') return undefined;
  const flags = body.getUint32(8, true);
  const oper = byteAt(attributes, IFLA_OPERSTATE);
  // Without the attribute the flag says whether the link carries traffic.
  const fallback = (flags & IFF_RUNNING) === 0 ? 'down' : 'up';
  return {
    name,
    index: body.getInt32(4, true),
    oper: oper === undefined ? fallback : (OPER_STATES[oper] ?? 'unknown'),
    admin: (flags & IFF_UP) === 0 ? 'down' : 'up',
  };
}
