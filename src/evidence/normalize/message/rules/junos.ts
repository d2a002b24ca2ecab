import { INTERFACE, type MessageRule, PEER, type ProgramRules } from '../message-rule.ts';

const trap = (starts: string): MessageRule => ({
  starts,
  text: new RegExp(
    String.raw`^${starts} ifIndex (?<index>\d{1,10}), ifAdminStatus (?<admin>\w{1,12})` +
      String.raw`(?:\(\d\))?, ifOperStatus (?<to>\w{1,20})(?:\(\d\))?, ifName ${INTERFACE}`,
  ),
  event: 'network.interface.state_changed',
});

const neighbor = (starts: string, protocol: string, text: string, to?: string): MessageRule => ({
  starts,
  text: new RegExp(`^${starts} ${text}`),
  event: 'network.neighbor.state_changed',
  means: to === undefined ? { protocol } : { protocol, to },
});

const AS = String.raw`\((?:Internal|External) AS (?<as>\d{1,10})\)`;
const OSPF =
  String.raw`OSPF neighbor ${PEER} \(realm [\w-]{1,16} ${INTERFACE} area (?<area>[\d.]{1,15})\) ` +
  String.raw`state changed from (?<from>\w{1,12}) to (?<to>\w{1,12}) due to (?<why>\w{1,40})`;

const notification = (code: string, event: string): MessageRule => ({
  has: code,
  text: new RegExp(
    String.raw`^bgp_\w{1,40}:\d{1,6}: NOTIFICATION (?:received from|sent to) ${PEER} ${AS}: code ` +
      String.raw`\d{1,3} \(.{1,60}\) subcode \d{1,3} \((?<why>[^)]{1,80})\)`,
  ),
  event,
  means: { protocol: 'bgp' },
});

const flow = (starts: string, said: string, event: string): MessageRule => ({
  starts,
  text: new RegExp(
    String.raw`^${starts} session ${said} ?(?<source>[\da-fA-F.:]{2,45})/(?<sourcePort>\d{1,5})->` +
      String.raw`(?<destination>[\da-fA-F.:]{2,45})/(?<destinationPort>\d{1,5})(?: 0x\w{1,8})? ` +
      String.raw`\S{1,64} (?<natSource>[\da-fA-F.:]{2,45})/(?<natSourcePort>\d{1,5})->` +
      String.raw`(?<natDestination>[\da-fA-F.:]{2,45})/(?<natDestinationPort>\d{1,5})` +
      String.raw`(?: 0x\w{1,8})?(?: (?:source rule|destination rule|static ` +
      String.raw`rule|N/A) ?\S{1,64}){0,2}(?: N/A){0,4} (?<protocolNumber>\d{1,3}) ` +
      String.raw`(?<rule>\S{1,64}) (?<zone>\S{1,64})`,
  ),
  event,
});

const alarm = (said: string, event: string): MessageRule => ({
  starts: `Alarm ${said}: `,
  text: new RegExp(
    String.raw`^Alarm ${said}: (?<alarm>[^=]{1,80}) color=(?<alarmSeverity>\w{1,12}), class=` +
      String.raw`(?<alarmType>\w{1,32}), reason=(?<alarmText>.{1,200})`,
  ),
  event,
});

const craft = (said: string, event: string): MessageRule => ({
  has: ` alarm ${said}, `,
  text: new RegExp(
    String.raw`^ ?(?<alarmSeverity>Major|Minor) alarm ${said}, (?<alarmText>.{1,200})`,
  ),
  event,
});

/**
 * Junos, by the daemon and the tag of the message. Source: Juniper's "System Log Messages
 * Reference" and System Log Explorer.
 */
export const JUNOS: readonly ProgramRules[] = [
  {
    programs: ['mib2d', 'snmpd'],
    system: 'junos',
    isOfHost: true,
    rules: [trap('SNMP_TRAP_LINK_DOWN:'), trap('SNMP_TRAP_LINK_UP:')],
  },
  {
    programs: ['rpd'],
    system: 'junos',
    isOfHost: true,
    rules: [
      neighbor(
        'RPD_BGP_NEIGHBOR_STATE_CHANGED:',
        'bgp',
        String.raw`BGP peer ${PEER} ${AS} changed state from (?<from>\w{1,16}) to ` +
          String.raw`(?<to>\w{1,16}) \(event (?<why>\w{1,40})\)(?: \(instance ` +
          String.raw`(?<vrf>[^)]{1,64})\))?`,
      ),
      neighbor('RPD_OSPF_NBRDOWN:', 'ospf', OSPF),
      neighbor('RPD_OSPF_NBRUP:', 'ospf', OSPF),
      neighbor(
        'RPD_ISIS_ADJDOWN:',
        'isis',
        String.raw`IS-IS lost (?<level>L[12]) adjacency to (?<name>[\w.-]{1,64}) on ` +
          String.raw`${INTERFACE}, reason: (?<why>.{1,80})`,
        'down',
      ),
      neighbor(
        'RPD_ISIS_ADJUP:',
        'isis',
        String.raw`IS-IS new (?<level>L[12]) adjacency to (?<name>[\w.-]{1,64}) on ${INTERFACE}`,
        'up',
      ),
      {
        starts: 'BGP_PREFIX_LIMIT_EXCEEDED:',
        text: new RegExp(
          String.raw`^BGP_PREFIX_LIMIT_EXCEEDED: ${PEER} ${AS}: Configured maximum ` +
            String.raw`prefix-limit ?\((?<limit>\d{1,10})\) exceeded for \S{1,64} nlri: ` +
            String.raw`(?<received>\d{1,10})(?: \(instance (?<vrf>[^)]{1,64})\))?`,
        ),
        event: 'network.neighbor.prefix_limit_exceeded',
        means: { protocol: 'bgp' },
      },
      notification('code 6 (Cease) subcode 5 ', 'network.neighbor.rejected'),
      notification(': NOTIFICATION ', 'network.neighbor.reset'),
      {
        starts: 'bgp_recv: read from peer ',
        text: new RegExp(
          String.raw`^bgp_recv: read from peer ${PEER} ${AS} failed: (?<why>.{1,80})`,
        ),
        event: 'network.neighbor.reset',
        means: { protocol: 'bgp' },
      },
    ],
  },
  {
    programs: ['kernel', '/kernel'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'tcp_auth_ok: ',
        text: new RegExp(
          String.raw`^tcp_auth_ok: Packet from (?<peer>[\da-fA-F.:]{2,45}):\d{1,5} (?<why>` +
            String.raw`(?:wrong|missing) MD5 digest)`,
        ),
        event: 'network.neighbor.authentication_failed',
        means: { protocol: 'bgp' },
      },
    ],
  },
  {
    programs: ['mgd'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'UI_COMMIT:',
        text: new RegExp(
          String.raw`^UI_COMMIT: User '(?<user>[^']{1,64})' (?:performed|requested) '` +
            String.raw`(?<summary>[^']{1,64})'`,
        ),
        event: 'config.changed',
        means: { phase: 'started' },
      },
      {
        starts: 'UI_COMMIT_COMPLETED:',
        text: /^UI_COMMIT_COMPLETED: (?<summary>commit complete)/,
        event: 'config.changed',
        means: { phase: 'completed' },
      },
      {
        starts: 'UI_LOAD_EVENT:',
        text: new RegExp(
          String.raw`^UI_LOAD_EVENT: User '(?<user>[^']{1,64})' is performing a '` +
            String.raw`(?<summary>rollback[^']{0,64})'`,
        ),
        event: 'config.rolled_back',
      },
      {
        starts: 'UI_DBASE_LOGIN_EVENT:',
        text: /^UI_DBASE_LOGIN_EVENT: User '(?<user>[^']{1,64})' entering configuration mode/,
        event: 'config.session.started',
      },
      {
        starts: 'UI_DBASE_LOGOUT_EVENT:',
        text: /^UI_DBASE_LOGOUT_EVENT: User '(?<user>[^']{1,64})' exiting configuration mode/,
        event: 'config.session.ended',
      },
      {
        starts: 'UI_LOGIN_EVENT:',
        text: /^UI_LOGIN_EVENT: User '(?<user>[^']{1,64})' login, class '/,
        event: 'session.opened',
      },
      {
        starts: 'UI_LOGOUT_EVENT:',
        text: /^UI_LOGOUT_EVENT: User '(?<user>[^']{1,64})' logout/,
        event: 'session.closed',
      },
    ],
  },
  {
    programs: ['lacpd'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'LACP_INTF_DOWN:',
        text: new RegExp(
          String.raw`^LACP_INTF_DOWN: (?<parent>[\w./:-]{1,64}): Interface marked down due to ` +
            String.raw`(?<why>.{1,60}?) on member ${INTERFACE}`,
        ),
        event: 'network.interface.state_changed',
        means: { to: 'down' },
      },
    ],
  },
  {
    programs: ['l2ald'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'L2ALD_MAC_LIMIT_REACHED_IF:',
        text: new RegExp(
          String.raw`^L2ALD_MAC_LIMIT_REACHED_IF: Limit on learned MAC addresses reached for ` +
            String.raw`${INTERFACE}; current count is (?<macs>\d{1,10})`,
        ),
        event: 'network.interface.limit_exceeded',
      },
    ],
  },
  {
    programs: ['RT_FLOW'],
    system: 'junos',
    isOfHost: true,
    rules: [
      flow('RT_FLOW_SESSION_CREATE:', 'created', 'network.connection.opened'),
      flow('RT_FLOW_SESSION_CLOSE:', 'closed [^:]{1,60}:', 'network.connection.closed'),
    ],
  },
  {
    programs: ['alarmd'],
    system: 'junos',
    isOfHost: true,
    rules: [alarm('set', 'hardware.alarm.raised'), alarm('cleared', 'hardware.alarm.cleared')],
  },
  {
    programs: ['craftd'],
    system: 'junos',
    isOfHost: true,
    rules: [craft('set', 'hardware.alarm.raised'), craft('cleared', 'hardware.alarm.cleared')],
  },
  {
    programs: ['xntpd'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'NTP Server ',
        text: /^NTP Server (?<node>[\da-fA-F.:]{2,45}) is Unreachable/,
        event: 'clock.unsynchronized',
      },
    ],
  },
  {
    programs: ['jlaunchd'],
    system: 'junos',
    isOfHost: true,
    rules: [
      {
        starts: 'System reaching processes ceiling ',
        text: /^System reaching processes ceiling (?<why>high watermark)/,
        event: 'process.threshold_crossed',
      },
    ],
  },
];
