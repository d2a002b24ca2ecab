import type { TimeNs } from '../../../base/time.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import type { AlertState, ExternalAlert } from './external-alert.ts';

/** States of services and hosts, as the macros `$SERVICESTATE$` and `$HOSTSTATE$` print them. */
export const NAGIOS_STATES = [
  'OK',
  'WARNING',
  'CRITICAL',
  'UNKNOWN',
  'UP',
  'DOWN',
  'UNREACHABLE',
] as const;

/** One of them. */
export type NagiosState = (typeof NAGIOS_STATES)[number];

/** What Nagios, Icinga or a compatible system tells of one check. */
export interface NagiosCall {
  readonly host: string;
  /** Absent for a check of the host itself. */
  readonly service?: string | undefined;
  readonly state: NagiosState;
  /** `SOFT` while Nagios checks again, `HARD` once it is sure. */
  readonly stateType?: string | undefined;
  /** `PROBLEM`, `RECOVERY`, `ACKNOWLEDGEMENT`, …; absent for event handlers. */
  readonly type?: string | undefined;
  readonly attempt?: string | undefined;
  readonly output?: string | undefined;
  /** The custom variable `_COMPONENT` of the service or host. */
  readonly component?: string | undefined;
  /** When the check came into this state. */
  readonly sinceNs?: TimeNs | undefined;
  readonly timeNs?: TimeNs | undefined;
}

const SEVERITIES: Readonly<Record<NagiosState, Pick<ExternalAlert, 'severity' | 'perceived'>>> = {
  OK: { severity: SEVERITY.info, perceived: 'indeterminate' },
  UP: { severity: SEVERITY.info, perceived: 'indeterminate' },
  WARNING: { severity: SEVERITY.warn, perceived: 'warning' },
  UNKNOWN: { severity: SEVERITY.warn, perceived: 'indeterminate' },
  UNREACHABLE: { severity: SEVERITY.warn, perceived: 'indeterminate' },
  CRITICAL: { severity: SEVERITY.critical, perceived: 'critical' },
  DOWN: { severity: SEVERITY.critical, perceived: 'critical' },
};

/** The alert of a check. A SOFT problem may still go by itself: it is pending and fires nothing. */
export function nagiosAlert(call: NagiosCall): ExternalAlert {
  const { host, service, state, output } = call;
  const name = service ?? host;
  const isWell = state === 'OK' || state === 'UP';
  const isSoft = call.stateType?.toUpperCase() === 'SOFT';
  const told: AlertState = isWell ? 'resolved' : isSoft ? 'pending' : 'firing';
  const changedNs = call.sinceNs ?? call.timeNs;
  return {
    system: 'nagios',
    name,
    state: told,
    ...SEVERITIES[state],
    text: output === undefined || output === '' ? `${name} is ${state}` : output,
    labels: { alertname: name, host, ...(service === undefined ? {} : { service }) },
    identity: service === undefined ? host : `${host}/${service}`,
    names: call.component === undefined || call.component === '' ? [] : [call.component],
    // A check is called after what it checks, which seldom is a component: "PING", "disk /".
    otherNames: service === undefined ? [] : [service],
    host,
    changedNs,
    createdNs: isWell ? undefined : changedNs,
    more: {
      'nagios.state': state,
      ...(call.stateType === undefined ? {} : { 'nagios.state_type': call.stateType }),
      ...(call.type === undefined ? {} : { 'nagios.notification_type': call.type }),
      ...(call.attempt === undefined ? {} : { 'nagios.attempt': call.attempt }),
      ...(call.type === 'ACKNOWLEDGEMENT' ? { 'alarm.operator_state': 'ack' } : {}),
    },
  };
}
