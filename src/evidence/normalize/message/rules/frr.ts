import { LINUX_INTERFACE, type ProgramRules } from '../message-rule.ts';

/** `[Y05P2-YJVXY]`, the stable id of a message, and `[EC 33554503]`, the code of an error. */
const ID = String.raw`^(?:\[[A-Z0-9]{5}-[A-Z0-9]{5}\](?:\[EC \d{1,12}\])? )?`;

/** An address, or the interface of a neighbor without one; FRR puts its host name behind. */
const NEIGHBOR = String.raw`(?<peer>[\w.:-]{1,64})(?:\((?<name>[^)]{1,64})\))?`;

const STATES = String.raw`(?<from>[\w-]{1,16}) -> (?<to>[\w-]{1,16})`;

/**
 * FRR, of whichever file or log a daemon writes to. Source: the daemons' own formats (bgp_fsm.c,
 * bgpd.c, ospf_nsm.c, ospf6_neighbor.c, isis_adjacency.c, bfd.c, vrrp.c, watchfrr.c of FRR 8.4).
 */
export const FRR: readonly ProgramRules[] = [
  {
    programs: ['bgpd'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: '%ADJCHANGE: ',
        text: new RegExp(
          String.raw`${ID}%ADJCHANGE: neighbor ${NEIGHBOR} in vrf (?<vrf>\S{1,64}) (?<to>Up|Down)` +
            String.raw`(?: (?<why>.{1,120}))?`,
        ),
        event: 'network.neighbor.state_changed',
        means: { protocol: 'bgp' },
      },
      {
        has: '%NOTIFICATION: ',
        text: new RegExp(
          String.raw`${ID}%NOTIFICATION: (?:sent to|received from) neighbor ${NEIGHBOR} ` +
            String.raw`\d{1,3}/\d{1,3} \((?<why>[^)]{1,80})\)`,
        ),
        event: 'network.neighbor.reset',
        means: { protocol: 'bgp' },
      },
      {
        has: '%MAXPFXEXCEED: ',
        text: new RegExp(
          String.raw`${ID}%MAXPFXEXCEED: No\. of .{1,40} prefix received from ${NEIGHBOR} ` +
            String.raw`(?<received>\d{1,10}) exceed, limit (?<limit>\d{1,10})`,
        ),
        event: 'network.neighbor.prefix_limit_exceeded',
        means: { protocol: 'bgp' },
      },
    ],
  },
  {
    programs: ['ospfd', 'ospf6d'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: 'AdjChg: ',
        text: new RegExp(
          String.raw`${ID}AdjChg: Nbr (?:[\d.]{7,15}, NbrIP )?(?<peer>[\da-fA-F.:]{2,45}) ?\(` +
            String.raw`(?<vrf>[^)]{1,64})\) on ${LINUX_INTERFACE}(?::[\d.]{7,15})?: ${STATES} \(` +
            String.raw`(?<why>[\w-]{1,40})\)`,
        ),
        event: 'network.neighbor.state_changed',
        means: { protocol: 'ospf' },
      },
    ],
  },
  {
    programs: ['isisd'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: '%ADJCHANGE: ',
        text: new RegExp(
          String.raw`${ID}%ADJCHANGE: Adjacency to (?<name>[\w.-]{1,64}) \(${LINUX_INTERFACE}\) ` +
            String.raw`for (?<level>\S{1,10}) changed from (?<from>\w{1,16}) to (?<to>\w{1,16}), ` +
            String.raw`(?<why>.{1,80})`,
        ),
        event: 'network.neighbor.state_changed',
        means: { protocol: 'isis' },
      },
    ],
  },
  {
    programs: ['bfdd'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: 'state-change: [',
        text: new RegExp(
          String.raw`${ID}state-change: \[mhop:\w{2,3} peer:` +
            String.raw`(?<peer>[\da-fA-F.:]{2,45})[^\]]{0,160}\] ${STATES}(?: reason:` +
            String.raw`(?<why>.{1,80}))?`,
        ),
        event: 'network.neighbor.state_changed',
        means: { protocol: 'bfd' },
      },
    ],
  },
  {
    programs: ['vrrpd'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: '[VRID ',
        text: new RegExp(
          String.raw`${ID}\[CORE\] \[VRID (?<group>\d{1,3})\] \[[^\]]{1,16}\] ${STATES}`,
        ),
        event: 'network.redundancy.state_changed',
      },
    ],
  },
  {
    programs: ['watchfrr'],
    system: 'linux',
    isOfHost: true,
    rules: [
      {
        has: ' state -> down : ',
        text: new RegExp(String.raw`${ID}(?<program>\w{1,16}) state -> down : (?<why>.{1,100})`),
        event: 'process.crashed',
      },
    ],
  },
];
