import { SEVERITY } from '../../../model/record/severity.ts';

/** What events of one name have in common, whoever tells them. */
interface EventSort {
  /** Where states play no part, or one that is not listed. */
  readonly severity: number;
  /** Attributes of the new and of the former state. */
  readonly state?: readonly [to: string, from: string];
  /** States in which it works. From another one to a third is no loss: it did not work before. */
  readonly good?: ReadonlySet<string>;
  /** States that weigh more than the others. */
  readonly severities?: Readonly<Record<string, number>>;
}

const sort = (severity: number): EventSort => ({ severity });

/**
 * The events that messages tell, by the names of the device-event vocabulary. In the words of the
 * field: OpenConfig's oper-status and session-state, IF-MIB's linkDown and linkUp, BGP4-MIB's
 * bgpBackwardTransition, OSPF-TRAP-MIB's ospfNbrStateChange, VRRP-MIB's vrrpTrapNewMaster,
 * CISCO-CONFIG-MAN-MIB's ciscoConfigManEvent, SNMPv2-MIB's coldStart.
 */
export const EVENT_SORTS: Readonly<Record<string, EventSort>> = {
  'network.interface.state_changed': {
    severity: SEVERITY.error,
    state: ['network.interface.oper_state', 'network.interface.previous_oper_state'],
    good: new Set(['up']),
  },
  'network.neighbor.state_changed': {
    severity: SEVERITY.error,
    state: ['network.neighbor.state', 'network.neighbor.previous_state'],
    good: new Set(['up', 'established', 'full', '2way', '2-way', 'twoway']),
  },
  // Who answers for a shared address: HSRP, VRRP, a pair of firewalls.
  'network.redundancy.state_changed': {
    severity: SEVERITY.notice,
    state: ['network.redundancy.state', 'network.redundancy.previous_state'],
    severities: { master: SEVERITY.warn, active: SEVERITY.warn, fault: SEVERITY.error },
  },
  // How a service stands, or a server that it hands requests to.
  'service.state_changed': {
    severity: SEVERITY.error,
    state: ['service.state', 'service.previous_state'],
    good: new Set(['up', 'ok', 'primary', 'replica']),
  },
  'network.neighbor.rejected': sort(SEVERITY.error),
  'network.neighbor.reset': sort(SEVERITY.warn),
  'network.neighbor.authentication_failed': sort(SEVERITY.error),
  'network.neighbor.prefix_limit_exceeded': sort(SEVERITY.error),
  'network.interface.limit_exceeded': sort(SEVERITY.warn),
  'network.stp.blocked': sort(SEVERITY.error),
  'network.connection.opened': sort(SEVERITY.info),
  'network.connection.closed': sort(SEVERITY.info),
  'network.connection.denied': sort(SEVERITY.warn),
  'network.connection.logged': sort(SEVERITY.info),
  'config.changed': sort(SEVERITY.notice),
  'config.reloaded': sort(SEVERITY.notice),
  'config.rolled_back': sort(SEVERITY.warn),
  'config.session.started': sort(SEVERITY.info),
  'config.session.ended': sort(SEVERITY.info),
  'session.opened': sort(SEVERITY.info),
  'session.closed': sort(SEVERITY.info),
  'session.failed': sort(SEVERITY.warn),
  'host.started': sort(SEVERITY.info),
  'host.shutdown': sort(SEVERITY.notice),
  'process.started': sort(SEVERITY.info),
  'process.restarted': sort(SEVERITY.warn),
  'process.crashed': sort(SEVERITY.error),
  'process.oom_killed': sort(SEVERITY.critical),
  'process.threshold_crossed': sort(SEVERITY.warn),
  'memory.threshold_crossed': sort(SEVERITY.critical),
  'memory.threshold_cleared': sort(SEVERITY.notice),
  'filesystem.threshold_crossed': sort(SEVERITY.critical),
  'filesystem.threshold_cleared': sort(SEVERITY.notice),
  'hardware.alarm.raised': sort(SEVERITY.error),
  'hardware.alarm.cleared': sort(SEVERITY.notice),
  'clock.unsynchronized': sort(SEVERITY.warn),
};

/** What groups and meanings of rules are called in a record, by OpenTelemetry where it has it. */
export const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  interface: 'network.interface.name',
  index: 'network.interface.index',
  admin: 'network.interface.admin_state',
  parent: 'network.interface.parent',
  peer: 'network.neighbor.address',
  name: 'network.neighbor.name',
  protocol: 'network.neighbor.protocol',
  as: 'network.neighbor.as',
  vrf: 'network.vrf.name',
  vrfBehind: 'network.vrf.name',
  area: 'network.ospf.area',
  level: 'network.isis.level',
  limit: 'network.neighbor.prefix_limit',
  received: 'network.neighbor.prefixes_received',
  macs: 'network.interface.mac_count',
  group: 'network.redundancy.group',
  why: 'event.reason',
  user: 'user.name',
  terminal: 'change.source',
  object: 'config.object',
  summary: 'change.summary',
  phase: 'change.phase',
  source: 'source.address',
  sourcePort: 'source.port',
  destination: 'destination.address',
  destinationPort: 'destination.port',
  natSource: 'source.nat.address',
  natSourcePort: 'source.nat.port',
  natDestination: 'destination.nat.address',
  natDestinationPort: 'destination.nat.port',
  transport: 'network.transport',
  protocolNumber: 'network.transport.number',
  rule: 'security_rule.name',
  zone: 'security_rule.ruleset.name',
  program: 'process.executable.name',
  pid: 'process.pid',
  signal: 'process.signal',
  server: 'service.peer.name',
  backend: 'service.peer.namespace',
  role: 'service.role',
  alarm: 'alarm.resource',
  alarmType: 'alarm.type_id',
  alarmSeverity: 'alarm.perceived_severity',
  alarmText: 'alarm.text',
  node: 'server.address',
};

/** Attributes that are numbers; process ids stand as text, as the journal has them. */
export const NUMBERS: ReadonlySet<string> = new Set([
  'index',
  'as',
  'limit',
  'received',
  'macs',
  'sourcePort',
  'destinationPort',
  'natSourcePort',
  'natDestinationPort',
]);
