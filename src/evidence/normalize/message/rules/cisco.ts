import { INTERFACE, type MessageRule, type MnemonicRules, PEER } from '../message-rule.ts';

/** A link as IF-MIB's linkDown and linkUp tell it; IOS XR writes its states with capitals. */
const UP_DOWN = String.raw`changed state to (?<to>[Uu]p|[Dd]own)\b`;

const link: readonly MessageRule[] = [
  {
    text: new RegExp(String.raw`^Interface ${INTERFACE}(?: \([^)]{0,200}\))?, ${UP_DOWN}`),
    event: 'network.interface.state_changed',
  },
  {
    text: new RegExp(
      String.raw`^Interface ${INTERFACE}, changed state to [Aa]dministratively [Dd]own(?: from ` +
        String.raw`(?<source>[\da-fA-F.:]{2,45}))?`,
    ),
    event: 'network.interface.state_changed',
    means: { to: 'down', admin: 'down' },
  },
];

/** Also Arista's, which names the description behind the interface. */
export const LINE_PROTOCOL: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^Line protocol on Interface ${INTERFACE}(?: \([^)]{0,200}\))?, ${UP_DOWN}`,
    ),
    event: 'network.interface.state_changed',
  },
];

/** `Configured from console by admin on vty0 (10.31.0.24)`: CISCO-CONFIG-MAN-MIB tells the same. */
export const CONFIGURED: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^Configured from (?<object>\S{1,200}) by (?<user>[^\s,]{1,64})(?: on ` +
        String.raw`(?<terminal>[\w./@:-]{1,64})(?: \((?<source>[\da-fA-F.:]{2,45})\))?)?`,
    ),
    event: 'config.changed',
  },
];

/** A BGP NOTIFICATION by its code and subcode (RFC 4271 4.5, RFC 4486). */
export const NOTIFICATIONS: readonly MessageRule[] = [
  ['6/1 ', 'network.neighbor.prefix_limit_exceeded'] as const,
  ['6/5 ', 'network.neighbor.rejected'] as const,
  ['', 'network.neighbor.reset'] as const,
].map(([code, event]) => ({
  ...(code === '' ? {} : { has: code }),
  text: new RegExp(
    String.raw`^(?:sent to|received from) neighbor ${PEER}(?: \((?:VRF (?<vrf>\S{1,64}) )?AS ` +
      String.raw`(?<as>\d{1,10})\))? ${code || String.raw`\d{1,3}/\d{1,3} `}\(` +
      String.raw`(?<why>[^)]{0,120})\)`,
  ),
  event,
  means: { protocol: 'bgp' },
}));

/** `Number of prefixes received from 10.0.0.2 (afi 0): 11 exceeds limit 10`. */
const prefixes: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^(?:No\. of prefix(?:es)?|Number of prefixes) received from ${PEER}` +
        String.raw`(?: \(afi \d{1,3}\))?:? (?<received>\d{1,10}),? exceeds? limit ` +
        String.raw`(?<limit>\d{1,10})`,
    ),
    event: 'network.neighbor.prefix_limit_exceeded',
    means: { protocol: 'bgp' },
  },
];

const ospf: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^Process \S{1,32}, Nbr ${PEER} on ${INTERFACE}(?: in area ` +
        String.raw`(?<area>[\d.]{1,15}))? from (?<from>\w{1,12}) to (?<to>\w{1,12})(?:, ` +
        String.raw`(?<why>[^,]{1,120}))?(?:, vrf (?<vrf>\S{1,64}))?`,
    ),
    event: 'network.neighbor.state_changed',
    means: { protocol: 'ospf' },
  },
];

const isis: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^(?:ISIS: )?Adjacency to (?<name>[\w.-]{1,64}) \(${INTERFACE}\) (?:\(` +
        String.raw`(?<level>L1|L2|L1L2)\) )?(?<to>Up|Down),? ?(?<why>.{0,120})`,
    ),
    event: 'network.neighbor.state_changed',
    means: { protocol: 'isis' },
  },
];

const hsrp: readonly MessageRule[] = [
  {
    text: new RegExp(
      String.raw`^${INTERFACE} (?:Grp|Group) (?<group>\d{1,4}) state (?<from>\w{1,12}) -> ` +
        String.raw`(?<to>\w{1,12})`,
    ),
    event: 'network.redundancy.state_changed',
  },
];

const guarded: readonly MessageRule[] = [
  {
    text: new RegExp(String.raw`^Received BPDU on port ${INTERFACE} with BPDU Guard enabled`),
    event: 'network.stp.blocked',
    means: { why: 'BPDU guard' },
  },
];

/**
 * Cisco IOS, IOS XE and IOS XR. Source: "Cisco IOS System Message Guide" and "Cisco IOS XR System
 * Error Message Reference Guide", by facility and mnemonic.
 */
export const CISCO: MnemonicRules = {
  'LINK-UPDOWN': link,
  'LINK-CHANGED': link,
  'LINEPROTO-UPDOWN': LINE_PROTOCOL,
  'BGP-ADJCHANGE': [
    {
      text: new RegExp(
        String.raw`^neighbor ${PEER} (?:vpn vrf (?<vrf>\S{1,64}) )?(?:topology \S{1,64} )?` +
          String.raw`(?:passive )?(?<to>Up|Down)(?: ?(?:- )?(?<why>[^(]{1,120}))?(?:\(VRF: ` +
          String.raw`(?<vrfBehind>[^)\s]{1,64})\))?(?: \(AS: (?<as>\d{1,10})\))?`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'bgp' },
    },
  ],
  'BGP-NOTIFICATION': NOTIFICATIONS,
  'BGP-MAXPFXEXCEED': prefixes,
  'OSPF-ADJCHG': ospf,
  'OSPFv3-ADJCHG': ospf,
  'CLNS-ADJCHANGE': isis,
  'ISIS-ADJCHANGE': isis,
  'DUAL-NBRCHANGE': [
    {
      text: new RegExp(
        String.raw`^(?:IP-)?EIGRP[^:]{0,40}: Neighbor ${PEER} \(${INTERFACE}\) is (?<to>up|down)` +
          String.raw`(?:: (?<why>.{1,120}))?`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'eigrp' },
    },
  ],
  'SYS-CONFIG_I': CONFIGURED,
  'CONFIG-DB_COMMIT': [
    {
      text: /^Configuration committed by user '(?<user>[^']{1,64})'/,
      event: 'config.changed',
    },
  ],
  'SYS-RESTART': [{ text: /^System restarted/, event: 'host.started' }],
  'SYS-RELOAD': [
    {
      text: new RegExp(
        String.raw`^Reload requested(?: by (?<user>[^\s.]{1,64}))?.{0,100}?(?:Reload [Rr]eason: ` +
          String.raw`(?<why>.{1,120}))?$`,
      ),
      event: 'host.shutdown',
    },
  ],
  'SYS-MALLOCFAIL': [
    { text: /^Memory allocation of \d{1,12} bytes failed/, event: 'memory.threshold_crossed' },
  ],
  'HSRP-STATECHANGE': hsrp,
  'STANDBY-STATECHANGE': hsrp,
  'SPANTREE-BLOCK_BPDUGUARD': guarded,
  'PM-ERR_DISABLE': [
    {
      text: new RegExp(
        String.raw`^(?<why>[\w-]{1,40}) error detected on ${INTERFACE}, putting \S{1,64} in ` +
          String.raw`err-disable state`,
      ),
      event: 'network.interface.state_changed',
      means: { to: 'down' },
    },
  ],
  'SEC_LOGIN-LOGIN_SUCCESS': [
    {
      text: new RegExp(
        String.raw`^Login Success \[user: (?<user>[^\]]{0,64})\] \[Source: ` +
          String.raw`(?<source>[\da-fA-F.:]{2,45})\]`,
      ),
      event: 'session.opened',
    },
  ],
  'SEC_LOGIN-LOGIN_FAILED': [
    {
      text: new RegExp(
        String.raw`^Login failed \[user: (?<user>[^\]]{0,64})\] \[Source: ` +
          String.raw`(?<source>[\da-fA-F.:]{2,45})\](?:.{0,60}\[Reason: (?<why>[^\]]{1,100})\])?`,
      ),
      event: 'session.failed',
    },
  ],
};

const member = (to: string): readonly MessageRule[] => [
  {
    text: new RegExp(
      String.raw`^(?:(?<parent>[\w./-]{1,64}): )?(?:individual port )?${INTERFACE} is (?:up|down)`,
    ),
    event: 'network.interface.state_changed',
    means: { to },
  },
];

/**
 * Cisco NX-OS. Source: "Cisco NX-OS System Messages Reference"; the facilities of BGP and OSPF are
 * those of IOS, and their words are not.
 */
export const NEXUS: MnemonicRules = {
  'ETHPORT-IF_DOWN': [
    {
      has: '(Administratively down)',
      text: new RegExp(String.raw`^Interface ${INTERFACE} is down \(Administratively down\)`),
      event: 'network.interface.state_changed',
      means: { to: 'down', admin: 'down' },
    },
    {
      text: new RegExp(String.raw`^Interface ${INTERFACE} is down(?: \((?<why>[^)]{1,120})\))?`),
      event: 'network.interface.state_changed',
      means: { to: 'down' },
    },
  ],
  'ETHPORT-IF_UP': [
    {
      text: new RegExp(String.raw`^Interface ${INTERFACE} is up\b`),
      event: 'network.interface.state_changed',
      means: { to: 'up' },
    },
  ],
  'ETH_PORT_CHANNEL-PORT_INDIVIDUAL_DOWN': member('down'),
  'ETH_PORT_CHANNEL-PORT_DOWN': member('down'),
  'ETH_PORT_CHANNEL-PORT_UP': member('up'),
  'STP-BLOCK_BPDUGUARD': guarded,
  'BGP-ADJCHANGE': [
    {
      text: new RegExp(
        String.raw`^bgp-\d{0,10} \[\d{1,10}\] \((?<vrf>[^)]{1,64})\) neighbor ${PEER} ` +
          String.raw`(?<to>Up|Down)(?: ?- (?<why>.{1,120}))?`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'bgp' },
    },
  ],
  'OSPF-ADJCHANGE': [
    {
      text: new RegExp(
        String.raw`^ospf-\S{1,32} \[\d{1,10}\] {1,3}Nbr ${PEER} on ${INTERFACE} went ` +
          String.raw`(?<to>\w{1,12})`,
      ),
      event: 'network.neighbor.state_changed',
      means: { protocol: 'ospf' },
    },
  ],
  'VSHD-VSHD_SYSLOG_CONFIG_I': [
    {
      text: new RegExp(
        String.raw`^Configured from (?<object>\S{1,64}) by (?<user>[^\s,]{1,64}) on (?:` +
          String.raw`(?<source>[\da-fA-F.:]{2,45})@)?(?<terminal>[\w./:-]{1,64})`,
      ),
      event: 'config.changed',
    },
  ],
};
