import { SEVERITY } from '../../../../model/record/severity.ts';
import type { MessageRule, ProgramRules } from '../message-rule.ts';

/** What nginx' error log has before the words, also in syslog. */
const NGINX = String.raw`^(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )?\[\w{4,6}\] \d{1,10}#\d{1,10}: `;

/** Redis' own log has its process, role and time before the words; its syslog has only these. */
const REDIS = String.raw`^(?:\d{1,10}:[A-Z] [\w :.]{20,30} )?(?:[#*.-] )?`;

/**
 * What `log_line_prefix` makes of it, and the level. Neither a level nor the name of a field stands
 * in what is passed over: behind one comes what a client sent, which may look like a message.
 */
const POSTGRES = (levels: string): string =>
  String.raw`^(?:(?!(?:[A-Z]{3,10}|DEBUG[1-5]):  ).){0,120}?(?:${levels}):  `;

/** A level and the Erlang process, where RabbitMQ writes a file. */
const RABBIT = String.raw`^(?:\[\w{4,8}\] )?(?:<\d[\d.]{3,24}> )?`;

const died = (signal: string): Pick<MessageRule, 'event' | 'text'> => ({
  event: 'process.crashed',
  text: new RegExp(signal),
});

/**
 * Failures, reloads and failovers in the words of the servers themselves. Sources: HAProxy's
 * server.c and proxy.c (2.6), nginx' ngx_process.c, PostgreSQL's postmaster.c, xlogrecovery.c and
 * guc-file.l (15), Redis' replication.c and debug.c (7.0), RabbitMQ's rabbit_alarm.erl (3.10).
 */
export const SERVERS: readonly ProgramRules[] = [
  {
    programs: ['haproxy'],
    isOfHost: false,
    // Its access log begins with an address.
    begins: 'BSbp',
    rules: [
      {
        has: 'Server ',
        text: new RegExp(
          String.raw`^(?:Backup )?Server (?<backend>[^\s/]{1,100})/(?<server>\S{1,100}) is going ` +
            String.raw`(?<to>DOWN) for maintenance`,
        ),
        event: 'service.state_changed',
        // Somebody took it out.
        severity: SEVERITY.notice,
      },
      {
        has: 'Server ',
        text: new RegExp(
          String.raw`^(?:Backup )?Server (?<backend>[^\s/]{1,100})/(?<server>\S{1,100}) is ` +
            String.raw`(?<to>UP|DOWN)\b(?:, reason: (?<why>[^,]{1,100}))?`,
        ),
        event: 'service.state_changed',
      },
      {
        has: ' has no server available!',
        text: /^(?:backend|proxy) (?<backend>\S{1,100}) has no server available!/,
        event: 'service.state_changed',
        means: { to: 'down' },
        severity: SEVERITY.critical,
      },
    ],
  },
  {
    programs: ['nginx'],
    isOfHost: false,
    rules: [
      {
        has: ' exited on signal ',
        ...died(
          String.raw`${NGINX}[\w ]{1,40} process (?<pid>\d{1,10}) exited on signal ` +
            String.raw`(?<signal>\d{1,3})`,
        ),
      },
      {
        has: '(SIGHUP)',
        text: new RegExp(
          String.raw`${NGINX}signal 1 \(SIGHUP\) received(?: from \d{1,10})?, reconfiguring`,
        ),
        event: 'config.reloaded',
      },
    ],
  },
  {
    programs: ['postgres', 'postgresql'],
    isOfHost: false,
    rules: [
      {
        has: ' was terminated by signal ',
        ...died(
          String.raw`${POSTGRES('LOG')}(?<program>[\w" ]{1,64}) \(PID (?<pid>\d{1,10})\) was ` +
            String.raw`terminated by signal (?<signal>\d{1,3})`,
        ),
      },
      {
        has: 'all server processes terminated; ',
        text: new RegExp(`${POSTGRES('LOG')}all server processes terminated; reinitializing`),
        event: 'process.restarted',
      },
      {
        has: 'database system was ',
        ...died(
          String.raw`${POSTGRES('LOG')}database system was (?<why>not properly shut down; ` +
            String.raw`automatic recovery in progress)`,
        ),
      },
      {
        has: 'received SIGHUP, ',
        text: new RegExp(`${POSTGRES('LOG')}received SIGHUP, reloading configuration files`),
        event: 'config.reloaded',
      },
      {
        has: 'parameter "',
        text: new RegExp(
          String.raw`${POSTGRES('LOG')}parameter "(?<object>[\w.]{1,64})" (?<summary>changed to ` +
            String.raw`".{0,200}"|removed from configuration file, reset to default)`,
        ),
        event: 'config.changed',
      },
      {
        has: 'received promote request',
        text: new RegExp(`${POSTGRES('LOG')}received promote request`),
        event: 'service.state_changed',
        means: { to: 'primary', role: 'primary' },
        severity: SEVERITY.warn,
      },
    ],
  },
  {
    programs: ['redis', 'redis-server'],
    isOfHost: false,
    rules: [
      {
        has: ' crashed by signal: ',
        ...died(String.raw`${REDIS}Redis [\d.]{1,16} crashed by signal: (?<signal>\d{1,3})`),
      },
      {
        has: 'MASTER MODE enabled (',
        text: new RegExp(String.raw`${REDIS}MASTER MODE enabled \((?<why>\w{1,16} request)`),
        event: 'service.state_changed',
        means: { to: 'primary', role: 'primary' },
        severity: SEVERITY.warn,
      },
      {
        has: 'REPLICAOF ',
        text: new RegExp(
          String.raw`${REDIS}REPLICAOF (?<server>\S{1,100}) enabled \((?<why>\w{1,16} request)`,
        ),
        event: 'service.state_changed',
        means: { to: 'replica', role: 'replica' },
        severity: SEVERITY.warn,
      },
      {
        has: 'Connection with ',
        text: new RegExp(
          String.raw`${REDIS}Connection with (?<role>master|replica)(?: (?<server>\S{1,100}))? ` +
            String.raw`lost\.`,
        ),
        event: 'service.state_changed',
        means: { to: 'down' },
        severity: SEVERITY.warn,
      },
      {
        has: 'Cluster state changed: ',
        text: new RegExp(String.raw`${REDIS}Cluster state changed: (?<to>ok|fail)\b`),
        event: 'service.state_changed',
      },
    ],
  },
  {
    programs: ['rabbitmq', 'rabbitmq-server'],
    isOfHost: false,
    rules: [
      ...(['memory', 'disk'] as const).flatMap((resource): readonly MessageRule[] => {
        const event = resource === 'memory' ? 'memory' : 'filesystem';
        return [
          {
            has: ' resource limit alarm set on node ',
            text: new RegExp(
              String.raw`${RABBIT}${resource} resource limit alarm set on node '?` +
                String.raw`(?<node>[\w@.-]{1,100}?)'?\.?$`,
            ),
            event: `${event}.threshold_crossed`,
            means: { summary: `${resource} resource limit: alarm set` },
          },
          {
            has: ' resource limit alarm cleared on node ',
            text: new RegExp(
              String.raw`${RABBIT}${resource} resource limit alarm cleared on node '?` +
                String.raw`(?<node>[\w@.-]{1,100}?)'?\.?$`,
            ),
            event: `${event}.threshold_cleared`,
            means: { summary: `${resource} resource limit: alarm cleared` },
          },
        ];
      }),
      {
        has: 'rabbit on node ',
        text: new RegExp(
          String.raw`${RABBIT}rabbit on node '?(?<node>[\w@.-]{1,100}?)'? (?<to>up|down)$`,
        ),
        event: 'service.state_changed',
      },
    ],
  },
];
