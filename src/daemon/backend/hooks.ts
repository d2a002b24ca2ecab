import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import { ok } from '../../base/result.ts';
import { parseRfc3339, toRfc3339 } from '../../base/time.ts';
import { SEVERITY } from '../../model/record/severity.ts';
import type { Core } from '../core.ts';
import type { HookRecord } from '../evidence/hook-record.ts';
import { alertHookCalls } from './alert-hooks.ts';

type HookCall = 'hookChange' | 'hookAlertmanager' | 'hookGrafana' | 'hookNagios' | 'gateDeploy';

/** Calls by other systems. What they tell becomes records of the timeline before we answer. */
export function hookCalls(core: Core): Pick<ApiBackend, HookCall> {
  return {
    ...alertHookCalls(core),
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
    gateDeploy: async (_caller, { component }) => {
      const known = core.inventory().requireKnown([component]);
      if (!known.ok) return known;
      const free = core.requireQuiet([component]);
      if (!free.ok) return free;
      const healthy = core.requireHealthy([component]);
      if (!healthy.ok) return healthy;
      return ok({ component, allowed: true as const, at: toRfc3339(core.clock.now()) });
    },
  };
}

function changeRecord(input: Parameters<ApiBackend['hookChange']>[1]): HookRecord {
  const { component, phase, version, summary, actor, time } = input;
  // Told twice with one time it is one change: pipelines repeat what we did not answer.
  const uid =
    time === undefined ? undefined : ['change', component, phase, version, time].join(':');
  return {
    kind: 'event',
    source: 'change',
    severity: phase === 'failed' ? SEVERITY.error : SEVERITY.info,
    resource: { 'service.name': component },
    eventName: `deployment.${phase}`,
    body: summary ?? `deployment of ${component} ${version ?? ''} ${phase}`.replace('  ', ' '),
    attributes: {
      ...(version === undefined ? {} : { 'service.version': version }),
      ...(actor === undefined ? {} : { 'change.actor': actor }),
      ...(summary === undefined ? {} : { 'change.summary': summary }),
      'change.source': 'hook',
      ...(uid === undefined ? {} : { 'log.record.uid': uid }),
    },
    ...timeOf(input.time),
  };
}

function timeOf(text: string | undefined): { readonly time?: string } {
  return text !== undefined && parseRfc3339(text) !== undefined ? { time: text } : {};
}
