import { addressText } from '../../../base/address-text.ts';
import { addressAt, numberAt, readAttributes, type Attributes } from './read-attributes.ts';

/** One way of a route. */
export interface NextHop {
  /** Absent: directly on the interface. */
  readonly via?: string;
  /** The number of the interface; absent for routes that lead nowhere. */
  readonly index?: number;
}

/** A route of the kernel. */
export interface Route {
  readonly isIpv6: boolean;
  /** `0.0.0.0/0` and `::/0` are the default routes. */
  readonly prefix: string;
  readonly table: number;
  readonly metric: number;
  readonly tos: number;
  /** Who made it: kernel, boot, static, bgp, ospf, …, or a number. */
  readonly protocol: string;
  /** unicast, blackhole, unreachable, prohibit, throw, local, broadcast, … */
  readonly type: string;
  readonly hops: readonly NextHop[];
}

/** struct rtmsg, and the attributes of linux/rtnetlink.h. */
const HEADER_BYTES = 12;
const [RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_MULTIPATH] = [1, 4, 5, 6, 9];
const [RTA_TABLE, RTA_VIA] = [15, 18];
const AF_INET = 2;
const AF_INET6 = 10;

/** A cached copy of a route, not a route. */
const RTM_F_CLONED = 0x200;

const TYPES = [
  'unspec',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
] as const;

/** Names of /etc/iproute2/rt_protos, which routing daemons register by. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'redirect'],
  [2, 'kernel'],
  [3, 'boot'],
  [4, 'static'],
  [8, 'gated'],
  [9, 'ra'],
  [11, 'zebra'],
  [12, 'bird'],
  [16, 'dhcp'],
  [18, 'keepalived'],
  [42, 'babel'],
  [84, 'ovn'],
  [186, 'bgp'],
  [187, 'isis'],
  [188, 'ospf'],
  [189, 'rip'],
  [192, 'eigrp'],
  [196, 'static'],
]);

/** Ways of one route at most; kernels allow more, people do not read them. */
const HOPS_MAX = 256;

/**
 * Decodes RTM_NEWROUTE and RTM_DELROUTE. 'other': another family (MPLS, multicast) or a cached
 * copy. undefined: malformed.
 */
export function decodeRoute(body: DataView): Route | 'other' | undefined {
  if (body.byteLength < HEADER_BYTES) return undefined;
  const family = body.getUint8(0);
  if (family !== AF_INET && family !== AF_INET6) return 'other';
  if ((body.getUint32(8, true) & RTM_F_CLONED) !== 0) return 'other';
  const attributes = readAttributes(body, HEADER_BYTES);
  if (attributes === undefined) return undefined;
  const isIpv6 = family === AF_INET6;
  const destination = addressAt(attributes, RTA_DST) ?? (isIpv6 ? '::' : '0.0.0.0');
  const hops = hopsOf(attributes);
  if (hops === undefined) return undefined;
  const protocol = body.getUint8(5);
  const type = body.getUint8(7);
  return {
    isIpv6,
    prefix: `${destination}/${body.getUint8(1)}`,
    table: numberAt(attributes, RTA_TABLE) ?? body.getUint8(4),
    metric: numberAt(attributes, RTA_PRIORITY) ?? 0,
    tos: body.getUint8(3),
    protocol: PROTOCOLS.get(protocol) ?? String(protocol),
    type: TYPES[type] ?? String(type),
    hops,
  };
}

function hopsOf(attributes: Attributes): readonly NextHop[] | undefined {
  const multipath = attributes.get(RTA_MULTIPATH);
  if (multipath !== undefined) return manyHops(multipath);
  const hop = hopOf(attributes, numberAt(attributes, RTA_OIF));
  return hop.via === undefined && hop.index === undefined ? [] : [hop];
}

/** struct rtnexthop: u16 length, two bytes, u32 interface, attributes; one after the other. */
function manyHops(view: DataView): readonly NextHop[] | undefined {
  const hops: NextHop[] = [];
  let at = 0;
  while (view.byteLength - at >= 8 && hops.length < HOPS_MAX) {
    const length = view.getUint16(at, true);
    if (length < 8 || length > view.byteLength - at) return undefined;
    const part = new DataView(view.buffer, view.byteOffset + at, length);
    const attributes = readAttributes(part, 8);
    if (attributes === undefined) return undefined;
    hops.push(hopOf(attributes, view.getUint32(at + 4, true)));
    at += (length + 3) & ~3;
  }
  return hops;
}

function hopOf(attributes: Attributes, index: number | undefined): NextHop {
  const via = addressAt(attributes, RTA_GATEWAY) ?? otherFamily(attributes);
  return {
    ...(via === undefined ? {} : { via }),
    ...(index === undefined || index === 0 ? {} : { index }),
  };
}

/** struct rtvia: u16 family, address: an IPv4 route by an IPv6 neighbor (RFC 5549). */
function otherFamily(attributes: Attributes): string | undefined {
  const via = attributes.get(RTA_VIA);
  if (via === undefined || via.byteLength < 2) return undefined;
  return addressText(new DataView(via.buffer, via.byteOffset + 2, via.byteLength - 2));
}
