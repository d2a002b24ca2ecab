import { toHex } from '../../../base/bytes.ts';
import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import type {
  Normalized,
  NormalizerContext,
  NormalizerFactory,
} from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import type { CapturedPacket, CapturePart } from './captured-packet.ts';
import { CaptureStream } from './capture-stream.ts';
import { decodeFrame } from './decode-frame.ts';
import type { PacketFacts } from './packet-facts.ts';

/** Cut in pieces of this size, so that rejects stand in the same place however input arrives. */
const PIECE_BYTES = 64 * 1024;

/**
 * `normalize --format pcap`: what tcpdump, dumpcap and Wireshark write, pcap and pcapng. Headers
 * become attributes; payloads, which may hold anything, are left out.
 */
export const pcapNormalizer: NormalizerFactory = (context) => {
  const stream = new CaptureStream();
  const take = (found: readonly CapturePart[], parts: NormalizedParts): void => {
    for (const one of found) {
      if (one.kind === 'packet') addPacket(one.packet, context, parts);
      else parts.reject(one.reason, toHex(one.bytes));
    }
  };
  return {
    push(bytes): Normalized {
      const parts = new NormalizedParts();
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        take(stream.push(bytes.subarray(at, at + PIECE_BYTES)), parts);
      }
      return parts.done();
    },
    end(): Normalized {
      const parts = new NormalizedParts();
      take(stream.end(), parts);
      return parts.done();
    },
  };
};

function addPacket(
  packet: CapturedPacket,
  { source, resolve, observedNs }: NormalizerContext,
  parts: NormalizedParts,
): void {
  const { bytes, linkType } = packet;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const facts = decodeFrame(linkType, view);
  parts.rows.add({
    kind: 'packet',
    ...(packet.timeNs === undefined ? {} : { timeNs: packet.timeNs }),
    observedNs: observedNs(),
    ...resolve({}),
    source,
    body: packetText(facts, packet),
    attributes: canonicalJson(attributesOf(facts, packet)),
  });
}

/** OpenTelemetry's names where there are; see docs/formats/pcap.md. */
function attributesOf(facts: PacketFacts, packet: CapturedPacket): JsonObject {
  const told = {
    'network.type': facts.network,
    'network.transport': facts.transport,
    'network.protocol.name': facts.protocol,
    'source.address': facts.source,
    'source.port': facts.sourcePort,
    'destination.address': facts.destination,
    'destination.port': facts.destinationPort,
    'network.interface.name': packet.interfaceName,
    'network.tcp.flags': facts.flags,
    'network.icmp.type': facts.icmpType,
    'network.icmp.code': facts.icmpCode,
    'network.vlan.id': facts.vlan,
    'network.io.bytes': packet.length,
    'network.payload.bytes': facts.payloadBytes,
    ...(facts.network === undefined ? { 'network.link_type': packet.linkType } : {}),
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** A packet in one line: `10.0.0.1:41234 > 10.0.0.2:80 tcp SYN ACK, 60 bytes`. */
function packetText(facts: PacketFacts, { length }: CapturedPacket): string {
  const ways =
    facts.source === undefined
      ? []
      : [end(facts.source, facts.sourcePort), '>', end(facts.destination, facts.destinationPort)];
  const names = [facts.transport, facts.protocol, facts.isFragment && 'fragment'];
  const icmp =
    facts.icmpType === undefined ? [] : [`type ${facts.icmpType} code ${facts.icmpCode}`];
  const words = [...ways, ...names.filter(Boolean), ...(facts.flags ?? []), ...icmp];
  return `${words.length === 0 ? 'packet' : words.join(' ')}, ${length} bytes`;
}

function end(address: string | undefined, port: number | undefined): string {
  if (port === undefined) return address ?? '';
  return address?.includes(':') === true ? `[${address}]:${port}` : `${address}:${port}`;
}
