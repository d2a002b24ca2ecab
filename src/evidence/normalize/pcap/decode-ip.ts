import { addressText } from '../../../base/address-text.ts';
import type { PacketFacts } from './packet-facts.ts';

/** https://www.iana.org/assignments/protocol-numbers, those an operator asks for. */
const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipip'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
]);

/** Ports whose use is certain enough to name it. */
const PORT_NAMES: ReadonlyMap<number, string> = new Map([
  [53, 'dns'],
  [67, 'dhcp'],
  [68, 'dhcp'],
  [123, 'ntp'],
  [161, 'snmp'],
  [162, 'snmp'],
  [179, 'bgp'],
  [514, 'syslog'],
  [646, 'ldp'],
  [3784, 'bfd'],
]);

const TCP = 6;
const UDP = 17;
const SCTP = 132;

/** From the lowest bit on (RFC 9293, RFC 3168). */
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

/** Extension headers of IPv6 (RFC 8200) that stand before what it carries. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 44, 60]);
const FRAGMENT = 44;
/** More of them in a row only keep us busy. */
const EXTENSIONS_MAX = 8;

/** Decodes IPv4 or IPv6 by its first half byte. */
export function decodeIp(view: DataView): PacketFacts {
  if (view.byteLength < 1) return {};
  const version = view.getUint8(0) >> 4;
  if (version === 4) return decodeIpv4(view);
  return version === 6 ? decodeIpv6(view) : {};
}

function decodeIpv4(view: DataView): PacketFacts {
  const header = (view.getUint8(0) & 0x0f) * 4;
  if (header < 20 || view.byteLength < header) return { network: 'ipv4' };
  const facts: PacketFacts = {
    network: 'ipv4',
    ...addresses(part(view, 12, 4), part(view, 16, 4)),
  };
  const isFragment = (view.getUint16(6) & 0x1fff) !== 0;
  const told = view.getUint16(2) - header;
  return { ...facts, ...above(view.getUint8(9), part(view, header), told, isFragment) };
}

function decodeIpv6(view: DataView): PacketFacts {
  if (view.byteLength < 40) return { network: 'ipv6' };
  const facts: PacketFacts = {
    network: 'ipv6',
    ...addresses(part(view, 8, 16), part(view, 24, 16)),
  };
  let next = view.getUint8(6);
  let at = 40;
  let isFragment = false;
  for (let passed = 0; EXTENSIONS.has(next) && passed < EXTENSIONS_MAX; passed += 1) {
    if (view.byteLength < at + 8) return facts;
    const length = next === FRAGMENT ? 8 : (view.getUint8(at + 1) + 1) * 8;
    if (next === FRAGMENT) isFragment ||= (view.getUint16(at + 2) & 0xfff8) !== 0;
    next = view.getUint8(at);
    at += length;
  }
  const told = view.getUint16(4) - (at - 40);
  return { ...facts, ...above(next, part(view, at), told, isFragment) };
}

function addresses(source: DataView, destination: DataView): PacketFacts {
  const [from, to] = [addressText(source), addressText(destination)];
  return from === undefined || to === undefined ? {} : { source: from, destination: to };
}

/** The bytes from `at` on, at most `length`; none when they are missing. */
function part(view: DataView, at: number, length = Number.MAX_SAFE_INTEGER): DataView {
  const start = Math.min(at, view.byteLength);
  return new DataView(
    view.buffer,
    view.byteOffset + start,
    Math.min(length, view.byteLength - start),
  );
}

/** What an IP packet carries; `told` is how long its header says that is. */
function above(number: number, view: DataView, told: number, isFragment: boolean): PacketFacts {
  if (isFragment) return { ...named(number), isFragment: true };
  switch (number) {
    case TCP:
      return tcp(view, told);
    case UDP:
      return ports('udp', view, told - 8);
    case SCTP:
      return ports('sctp', view, told - 12);
    case 1:
    case 58:
      if (view.byteLength < 2) return named(number);
      return { ...named(number), icmpType: view.getUint8(0), icmpCode: view.getUint8(1) };
    default:
      return named(number);
  }
}

function named(number: number): PacketFacts {
  if (number === TCP) return { transport: 'tcp' };
  if (number === UDP) return { transport: 'udp' };
  return { protocol: PROTOCOL_NAMES.get(number) ?? `ip-${number}` };
}

function tcp(view: DataView, told: number): PacketFacts {
  if (view.byteLength < 14) return ports('tcp', view, undefined);
  const header = (view.getUint8(12) >> 4) * 4;
  const bits = view.getUint8(13);
  const flags = TCP_FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0);
  return { ...ports('tcp', view, told - header), flags };
}

function ports(
  transport: NonNullable<PacketFacts['transport']>,
  view: DataView,
  payload: number | undefined,
): PacketFacts {
  if (view.byteLength < 4) return { transport };
  const [sourcePort, destinationPort] = [view.getUint16(0), view.getUint16(2)];
  const protocol = PORT_NAMES.get(destinationPort) ?? PORT_NAMES.get(sourcePort);
  return {
    transport,
    sourcePort,
    destinationPort,
    ...(protocol === undefined ? {} : { protocol }),
    ...(payload === undefined || payload < 0 ? {} : { payloadBytes: payload }),
  };
}
