/** What is told of a packet. Absent: not there, or beyond what was captured. */
export interface PacketFacts {
  readonly network?: 'ipv4' | 'ipv6';
  /** Between which addresses. */
  readonly source?: string;
  readonly destination?: string;
  /** `tcp`, `udp`, … where there are ports. */
  readonly transport?: 'tcp' | 'udp' | 'sctp';
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** What else it is, by name: `icmp`, `ospf`, `arp`, `dns`, `bgp`. */
  readonly protocol?: string;
  /** Names of the TCP flags that are set, in the order of the header. */
  readonly flags?: readonly string[];
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** Bytes above the transport header. */
  readonly payloadBytes?: number;
  readonly vlan?: number;
  /** A later part of a datagram: ports are in the first one only. */
  readonly isFragment?: true;
}
