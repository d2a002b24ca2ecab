import { toRfc3339, type TimeNs } from '../../../base/time.ts';
import { SEVERITY } from '../../../model/record/severity.ts';

/** How an alert stands: it holds, it may come to hold, it is over. */
export type AlertState = 'firing' | 'pending' | 'resolved';

/** One alert of an external system, whichever it is. */
export interface ExternalAlert {
  /** The system that sent it: `alertmanager`, `grafana`, `nagios`. */
  readonly system: string;
  /** What it alerts about: `alertname`, or the service of Nagios. */
  readonly name: string;
  readonly state: AlertState;
  readonly severity: number;
  /** RFC 8632 severity while the alert holds. */
  readonly perceived: 'critical' | 'major' | 'minor' | 'warning' | 'indeterminate';
  readonly text: string;
  /** Its labels under their own names, so that triggers match them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Equal for every message about one alert. */
  readonly identity: string;
  /** Names of the service it is about, the surest first; the host comes by itself. */
  readonly names: readonly string[];
  /** Names that mean a component only where the inventory has one of that name. */
  readonly otherNames: readonly string[];
  readonly host?: string | undefined;
  readonly createdNs?: TimeNs | undefined;
  /** When it came to be as it is told here. */
  readonly changedNs?: TimeNs | undefined;
  /** What else the system tells, under names of ours. */
  readonly more: Readonly<Record<string, string>>;
}

/** Severity and RFC 8632 severity of an alert's `severity` label; unknown words warn. */
export function severityOfLabel(
  label: string | undefined,
): Pick<ExternalAlert, 'severity' | 'perceived'> {
  return SEVERITY_WORDS.get((label ?? '').toLowerCase()) ?? WARNING;
}

const CRITICAL = { severity: SEVERITY.critical, perceived: 'critical' } as const;
const MAJOR = { severity: SEVERITY.critical, perceived: 'major' } as const;
const ERROR = { severity: SEVERITY.error, perceived: 'minor' } as const;
const WARNING = { severity: SEVERITY.warn, perceived: 'warning' } as const;
const INFO = { severity: SEVERITY.info, perceived: 'indeterminate' } as const;

const SEVERITY_WORDS: ReadonlyMap<string, Pick<ExternalAlert, 'severity' | 'perceived'>> = new Map<
  string,
  Pick<ExternalAlert, 'severity' | 'perceived'>
>([
  ['critical', CRITICAL],
  ['page', CRITICAL],
  ['emergency', CRITICAL],
  ['major', MAJOR],
  ['error', ERROR],
  ['high', ERROR],
  ['minor', ERROR],
  ['warning', WARNING],
  ['warn', WARNING],
  ['info', INFO],
  ['none', INFO],
]);

/**
 * The attributes of an alert's record: its labels, ours about the alert (`alert.*`) and the alarm
 * of RFC 8632 (`alarm.*`). `log.record.uid` makes a message that is sent twice one record.
 */
export function alertAttributes(alert: ExternalAlert): Readonly<Record<string, string | boolean>> {
  const { system, name, state, identity, createdNs, changedNs } = alert;
  const isCleared = state === 'resolved';
  const changed = changedNs === undefined ? {} : { 'alarm.last_changed': toRfc3339(changedNs) };
  const stamp = changedNs ?? createdNs;
  const uid = [system, identity, state, ...(stamp === undefined ? [] : [String(stamp)])].join(':');
  return {
    ...alert.labels,
    'alert.name': name,
    'alert.state': state,
    'alert.system': system,
    'alert.fingerprint': identity,
    'alarm.resource': alert.host ?? alert.names[0] ?? name,
    'alarm.type_id': name,
    'alarm.type_qualifier': identity,
    'alarm.perceived_severity': isCleared ? 'cleared' : alert.perceived,
    'alarm.is_cleared': isCleared,
    ...(createdNs === undefined ? {} : { 'alarm.time_created': toRfc3339(createdNs) }),
    ...changed,
    'alarm.text': alert.text,
    ...alert.more,
    ...(stamp === undefined ? {} : { 'log.record.uid': uid }),
  };
}

/**
 * Whom an alert is about, as attributes of a resource: a component that `isKnown` names, else the
 * service and the machine that the alert itself names, else the system that sent it.
 */
export function alertResource(
  { names, otherNames, host, system }: ExternalAlert,
  isKnown: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const hosts = host === undefined ? [] : [host, host.split('.')[0] ?? host];
  const known = [...names, ...otherNames, ...hosts].find(isKnown);
  const service = known ?? names[0] ?? (host === undefined ? system : undefined);
  return {
    ...(service === undefined ? {} : { 'service.name': service }),
    ...(host === undefined ? {} : { 'host.name': host }),
  };
}

/** The severity of an alert's record: one that is over informs. */
export function alertSeverity({ state, severity }: ExternalAlert): number {
  return state === 'resolved' ? SEVERITY.info : severity;
}
