import { decodeIp } from './decode-ip.ts';
import type { PacketFacts } from './packet-facts.ts';

/** Numbers of https://www.tcpdump.org/linktypes.html that we look into. */
const LINK = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawOpenBsd: 12,
  rawOther: 14,
  ppph: 50,
  raw: 101,
  ciscoHdlc: 104,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

/** IEEE 802 numbers of what a frame carries. */
const ETHER = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, qinq: 0x88a8 } as const;

/** More tags than two are an attack on those who look. */
const VLAN_TAGS_MAX = 4;

/** What a frame of a link type says, as far as we look; `{}` for what we do not know. */
export function decodeFrame(linkType: number, view: DataView): PacketFacts {
  switch (linkType) {
    case LINK.ethernet:
      return ethernet(view);
    case LINK.linuxCooked:
      return view.byteLength < 16 ? {} : carried(view.getUint16(14), below(view, 16));
    case LINK.linuxCooked2:
      return view.byteLength < 20 ? {} : carried(view.getUint16(0), below(view, 20));
    case LINK.null:
    case LINK.loop:
      return decodeIp(below(view, 4));
    case LINK.raw:
    case LINK.rawOpenBsd:
    case LINK.rawOther:
    case LINK.ipv4:
    case LINK.ipv6:
      return decodeIp(view);
    case LINK.ppp:
    case LINK.ppph:
      return pointToPoint(view);
    case LINK.ciscoHdlc:
      return view.byteLength < 4 ? {} : carried(view.getUint16(2), below(view, 4));
    default:
      return {};
  }
}

/** The bytes after a header; none when they are missing. */
function below(view: DataView, header: number): DataView {
  const length = Math.max(0, view.byteLength - header);
  return new DataView(view.buffer, view.byteOffset + view.byteLength - length, length);
}

/** IEEE 802.3 with the tags of 802.1Q. */
function ethernet(view: DataView): PacketFacts {
  if (view.byteLength < 14) return {};
  let at = 12;
  let vlan: number | undefined;
  for (let tags = 0; tags < VLAN_TAGS_MAX; tags += 1) {
    const type = view.getUint16(at);
    if (type !== ETHER.vlan && type !== ETHER.qinq) break;
    if (view.byteLength < at + 6) return {};
    vlan ??= view.getUint16(at + 2) & 0x0fff;
    at += 4;
  }
  const facts = carried(view.getUint16(at), below(view, at + 2));
  return vlan === undefined ? facts : { ...facts, vlan };
}

function carried(type: number, payload: DataView): PacketFacts {
  if (type === ETHER.ipv4 || type === ETHER.ipv6) return decodeIp(payload);
  return type === ETHER.arp ? { protocol: 'arp' } : {};
}

/** PPP, with or without the address and control bytes of HDLC (RFC 1662). */
function pointToPoint(view: DataView): PacketFacts {
  if (view.byteLength < 4) return {};
  const at = view.getUint8(0) === 0xff ? 2 : 0;
  const type = view.getUint16(at);
  return type === 0x0021 || type === 0x0057 ? decodeIp(below(view, at + 2)) : {};
}
