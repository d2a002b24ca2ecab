import { SEVERITY } from '../../../../model/record/severity.ts';
import { INTERFACE, type MessageRule, type MnemonicRules } from '../message-rule.ts';

/** `outside:192.0.2.1/1234`; a pool or a user may stand behind. */
const end = (name: string): string =>
  String.raw`(?:[\w.-]{1,64}:)?(?<${name}>[\da-fA-F.:]{2,45})(?:/(?<${name}Port>\d{1,5}))?` +
  String.raw`(?:\([^)]{0,100}\))?`;

const denied = (text: string, means?: MessageRule['means']): readonly MessageRule[] => [
  {
    text: new RegExp(text),
    event: 'network.connection.denied',
    ...(means === undefined ? {} : { means }),
  },
];

const FROM_TO = String.raw`${end('source')} to ${end('destination')}`;

const failover = (to: string): readonly MessageRule[] => [
  {
    text: /^\((?<group>[\w-]{1,32})\) Switching to \w{1,10}(?: \(cause: (?<why>[^)]{1,120})\))?/,
    event: 'network.redundancy.state_changed',
    means: { to },
  },
];

const line = (
  pattern: string,
  means: NonNullable<MessageRule['means']>,
): readonly MessageRule[] => [
  { text: new RegExp(pattern), event: 'network.interface.state_changed', means },
];

/**
 * Cisco ASA and Firepower (FTD), by the number of the message. Built and torn-down connections
 * (302013 to 302021) are left as logs: they are traffic. Source: "Cisco Secure Firewall ASA Series
 * Syslog Messages".
 */
export const ASA: MnemonicRules = {
  'ASA-106001': denied(
    String.raw`^Inbound (?<transport>TCP) connection denied from ${FROM_TO} flags .{0,60} on ` +
      String.raw`interface ${INTERFACE}`,
  ),
  'ASA-106006': denied(
    String.raw`^Deny inbound (?<transport>UDP) from ${FROM_TO} on interface ${INTERFACE}`,
  ),
  'ASA-106015': denied(
    String.raw`^Deny (?<transport>TCP) \(no connection\) from ${FROM_TO} flags .{0,60} on ` +
      String.raw`interface ${INTERFACE}`,
    { why: 'no connection' },
  ),
  'ASA-106021': denied(
    String.raw`^Deny (?<transport>\w{1,12}) reverse path check from ${FROM_TO} on interface ` +
      String.raw`${INTERFACE}`,
    { why: 'reverse path' },
  ),
  'ASA-106023': denied(
    String.raw`^Deny (?<transport>\w{1,12}) src ${end('source')} dst ${end('destination')}` +
      String.raw`(?: \(type \d{1,3}, code \d{1,3}\))? by access-group "(?<rule>[^"]{1,100})"`,
  ),
  'ASA-106100': denied(
    String.raw`^access-list (?<rule>\S{1,100}) denied (?<transport>\w{1,12}) ` +
      String.raw`(?<interface>[\w.-]{1,64})/(?<source>[\da-fA-F.:]{2,45})\(` +
      String.raw`(?<sourcePort>\d{1,5})\)(?:\([^)]{0,64}\))? -> [\w.-]{1,64}/` +
      String.raw`(?<destination>[\da-fA-F.:]{2,45})\((?<destinationPort>\d{1,5})\)`,
  ),
  'ASA-111010': [
    {
      text: new RegExp(
        String.raw`^User '(?<user>[^']{1,64})', running '(?<terminal>[^']{1,32})' from IP ` +
          String.raw`(?<source>[\da-fA-F.:]{2,45}), executed '(?<summary>[^']{1,300})'`,
      ),
      event: 'config.changed',
    },
  ],
  'ASA-104001': failover('active'),
  'ASA-104002': failover('standby'),
  'ASA-411001': line(
    String.raw`^Line protocol on [Ii]nterface ${INTERFACE},? changed state to up`,
    {
      to: 'up',
    },
  ),
  'ASA-411002': line(
    String.raw`^Line protocol on [Ii]nterface ${INTERFACE},? changed state to down`,
    { to: 'down' },
  ),
  'ASA-411004': line(
    String.raw`^Configuration status on [Ii]nterface ${INTERFACE},? changed state to ` +
      String.raw`(?:administratively )?down`,
    { to: 'down', admin: 'down' },
  ),
  'ASA-199002': [
    { text: /^startup completed\. {1,3}Beginning operation\./i, event: 'host.started' },
  ],
  'ASA-113015': [
    {
      text: new RegExp(
        String.raw`^AAA user authentication Rejected : reason = (?<why>[^:]{1,80}) : ` +
          String.raw`(?:local database|server = \S{1,64}) : user = (?<user>[^\s:]{1,64})`,
      ),
      event: 'session.failed',
      severity: SEVERITY.warn,
    },
  ],
};
