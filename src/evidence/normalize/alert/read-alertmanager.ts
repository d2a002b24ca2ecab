import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { parseRfc3339, type TimeNs } from '../../../base/time.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { severityOfLabel, type AlertState, type ExternalAlert } from './external-alert.ts';

/** Labels that may name a component, the surest first. */
const NAME_LABELS = [
  'component',
  'service_name',
  'service.name',
  'service',
  'app',
  'deployment',
  'job',
] as const;

/** Labels that name a host, the surest first. */
const HOST_LABELS = ['host', 'hostname', 'node', 'nodename', 'instance'] as const;

const STATES: ReadonlyMap<string, AlertState> = new Map<string, AlertState>([
  ['firing', 'firing'],
  ['active', 'firing'],
  ['suppressed', 'firing'],
  ['unprocessed', 'firing'],
  ['pending', 'pending'],
  ['resolved', 'resolved'],
  ['inactive', 'resolved'],
]);

/**
 * Reads what Alertmanager and Prometheus say of alerts: the webhook (version 4, which Grafana sends
 * too), a list of `GET /api/v2/alerts`, an answer of Prometheus' `GET /api/v1/alerts`, one alert.
 * The error says what is missing, with its path and the value seen.
 */
export function readAlertmanager(
  document: Json,
  system: string,
): Result<readonly ExternalAlert[], string> {
  const list = alertsOf(document);
  if (list === undefined) return err('it has no list "alerts" and no "labels"');
  const alerts: ExternalAlert[] = [];
  for (const [at, item] of list.entries()) {
    const read = readAlert(item, system, `alerts.${at}`);
    if (!read.ok) return read;
    alerts.push(read.value);
  }
  return ok(alerts);
}

function alertsOf(document: Json): readonly Json[] | undefined {
  if (isList(document)) return document;
  const top = objectOf(document);
  if (top === undefined) return undefined;
  const alerts = top['alerts'] ?? objectOf(top['data'])?.['alerts'];
  if (isList(alerts)) return alerts;
  return objectOf(top['labels']) === undefined ? undefined : [top];
}

function readAlert(item: Json, system: string, path: string): Result<ExternalAlert, string> {
  const alert = objectOf(item);
  const labels = textsOf(alert?.['labels']);
  if (alert === undefined || labels === undefined) return err(`${path}.labels is no object`);
  const word = textOf(alert['status']) ?? textOf(objectOf(alert['status'])?.['state']);
  const said = word ?? textOf(alert['state']) ?? '';
  const state = STATES.get(said.toLowerCase());
  if (state === undefined) return err(`${path}.status is ${JSON.stringify(said.slice(0, 80))}`);
  const annotations = textsOf(alert['annotations']) ?? {};
  const name = labels['alertname'] ?? 'alert';
  const text = annotations['summary'] ?? annotations['message'] ?? annotations['description'];
  const created = timeOf(alert['startsAt']) ?? timeOf(alert['activeAt']);
  const ended = state === 'resolved' ? timeOf(alert['endsAt']) : undefined;
  return ok({
    system,
    name,
    state,
    ...severityOfLabel(labels['severity'] ?? labels['priority']),
    text: text ?? `${name} is ${state}`,
    labels,
    identity: textOf(alert['fingerprint']) ?? labelIdentity(labels),
    names: NAME_LABELS.flatMap((label) => labels[label] ?? []).filter((text) => text !== ''),
    otherNames: [labels['instance'] ?? '', labels['namespace'] ?? ''],
    host: hostOf(labels),
    createdNs: created,
    changedNs: ended ?? created,
    more: {
      ...named('alert.url', textOf(alert['generatorURL'])),
      ...named('alert.description', annotations['description']),
      ...named('alert.runbook', annotations['runbook_url']),
    },
  });
}

/** The labels identify an alert where nothing else does. */
function labelIdentity(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function hostOf(labels: Readonly<Record<string, string>>): string | undefined {
  const label = HOST_LABELS.find((one) => (labels[one] ?? '') !== '');
  const name = label === undefined ? undefined : labels[label];
  // `instance` is host:port, [v6]:port or a URL; the port is the exporter's.
  return name
    ?.replace(/^[a-z]+:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

/** Alertmanager writes year 1 for "not yet". */
function timeOf(value: Json | undefined): TimeNs | undefined {
  const text = textOf(value);
  const time = text === undefined ? undefined : parseRfc3339(text);
  return time === undefined || time <= 0n ? undefined : time;
}

function named(name: string, text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined || text === '' ? {} : { [name]: text };
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> | undefined {
  const object = objectOf(value);
  if (object === undefined) return undefined;
  const texts = Object.entries(object).map(([name, member]) => [name, plain(member)] as const);
  return Object.fromEntries(texts);
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  return value;
}
