import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import { ok, type Result } from '../../base/result.ts';
import { parseRfc3339, toRfc3339 } from '../../base/time.ts';
import { SEVERITY } from '../../model/severity.ts';
import type { Core } from '../core.ts';
import type { HookRecord } from '../evidence/hook-record.ts';

type HookCall = 'hookChange' | 'hookAlertmanager' | 'hookGrafana' | 'hookNagios' | 'gateDeploy';
type AlertInput = Parameters<ApiBackend['hookAlertmanager']>[1];

/** Severity of an alert's `severity` label, as the evidence page maps it. */
const ALERT_SEVERITY: Readonly<Record<string, number>> = {
  critical: SEVERITY.critical,
  warning: SEVERITY.warn,
  info: SEVERITY.info,
};

/** Calls by other systems. What they tell becomes records of the timeline before we answer. */
export function hookCalls(core: Core): Pick<ApiBackend, HookCall> {
  return {
    hookChange: async ({ principal }, input) => {
      const { component, phase, version } = input;
      const allowed = requireComponents(principal, 'ingest', [component]);
      if (!allowed.ok && !requireComponents(principal, 'checkpoint', [component]).ok)
        return allowed;
      const known = core.inventory().requireKnown([component]);
      if (!known.ok) return known;
      if (phase === 'started') {
        const free = core.requireQuiet([component]);
        if (!free.ok) return free;
      }
      const told = await core.evidence.record([changeRecord(input)]);
      if (!told.ok) return told;
      if (phase !== 'started') return ok({});
      const named = version === undefined ? {} : { version };
      const taken = await core.checkpoints.take({ kind: 'change', component, ...named });
      return taken.ok ? ok({ checkpoint: taken.value.id }) : taken;
    },
    hookAlertmanager: (_caller, input) => alerts(core, 'alertmanager', input),
    hookGrafana: (_caller, input) => alerts(core, 'grafana', input),
    hookNagios: async (_caller, input) => {
      const isFiring = input.state !== 'OK' && input.state !== 'UP';
      const name = input.service ?? input.host;
      const record: HookRecord = {
        kind: 'alert',
        source: 'nagios',
        severity: isFiring
          ? input.state === 'CRITICAL'
            ? SEVERITY.critical
            : SEVERITY.warn
          : SEVERITY.info,
        component: core.componentNamed([name, input.host]),
        body: input.output ?? `${name} is ${input.state}`,
        attributes: {
          alertname: name,
          host: input.host,
          'alert.state': isFiring ? 'firing' : 'resolved',
          'nagios.state': input.state,
        },
        ...timeOf(input.time),
      };
      const told = await core.evidence.record([record]);
      return told.ok ? ok({ accepted: 1 }) : told;
    },
    gateDeploy: async (_caller, { component }) => {
      const known = core.inventory().requireKnown([component]);
      if (!known.ok) return known;
      const free = core.requireQuiet([component]);
      if (!free.ok) return free;
      return ok({ component, allowed: true as const, at: toRfc3339(core.clock.now()) });
    },
  };
}

async function alerts(
  core: Core,
  source: string,
  input: AlertInput,
): Promise<Result<{ readonly accepted: number }>> {
  const records = input.alerts.map((alert): HookRecord => {
    const { labels, annotations } = alert;
    const name = labels['alertname'] ?? 'alert';
    const named = [labels['component'], labels['service'], labels['job'], labels['instance']];
    return {
      kind: 'alert',
      source,
      severity:
        alert.status === 'firing'
          ? (ALERT_SEVERITY[labels['severity'] ?? ''] ?? SEVERITY.warn)
          : SEVERITY.info,
      component: core.componentNamed(named),
      body: annotations['summary'] ?? annotations['description'] ?? `${name} is ${alert.status}`,
      attributes: { ...labels, 'alert.state': alert.status },
      ...timeOf(alert.status === 'firing' ? alert.startsAt : alert.endsAt),
    };
  });
  if (records.length === 0) return ok({ accepted: 0 });
  const told = await core.evidence.record(records);
  return told.ok ? ok({ accepted: records.length }) : told;
}

function changeRecord(input: Parameters<ApiBackend['hookChange']>[1]): HookRecord {
  const { component, phase, version, summary, actor } = input;
  return {
    kind: 'event',
    source: 'change',
    severity: phase === 'failed' ? SEVERITY.error : SEVERITY.info,
    component,
    eventName: `deployment.${phase}`,
    body: summary ?? `deployment of ${component} ${version ?? ''} ${phase}`.replace('  ', ' '),
    attributes: {
      ...(version === undefined ? {} : { 'service.version': version }),
      ...(actor === undefined ? {} : { 'change.actor': actor }),
      ...(summary === undefined ? {} : { 'change.summary': summary }),
      'change.source': 'hook',
    },
    ...timeOf(input.time),
  };
}

function timeOf(text: string | undefined): { readonly time?: string } {
  return text !== undefined && parseRfc3339(text) !== undefined ? { time: text } : {};
}
