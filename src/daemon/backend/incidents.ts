import type { ApiBackend } from '../../api/backend.ts';
import type { IncidentSummary, IncidentView } from '../../api/contract.ts';
import { ok } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Incident } from '../../model/incident/incident.ts';
import { incidentReport } from '../../recovery/incident/incident-report.ts';
import { runsBeside, runUnderWay, whyHeld } from '../beside-incident.ts';
import type { Core } from '../core.ts';

/** Calls about incidents and signals. */
export function incidentCalls(
  core: Pick<Core, 'incidents' | 'clock' | 'rollbacks' | 'inventory'>,
): Pick<
  ApiBackend,
  | 'incidentList'
  | 'incidentShow'
  | 'incidentAck'
  | 'incidentClose'
  | 'incidentReport'
  | 'signalList'
> {
  const { incidents, clock } = core;
  return {
    incidentList: async (_caller, { state, limit }) => {
      const all = incidents.list().filter((one) => state?.includes(one.state) ?? true);
      return ok({ incidents: all.slice(0, limit).map(summaryOf) });
    },
    incidentShow: async (_caller, { id }) => {
      const story = incidents.get(id);
      return story.ok ? ok(await viewOf(core, story.value.incident)) : story;
    },
    incidentAck: async ({ principal }, { id }) => {
      const story = await incidents.acknowledge(id, principal.id);
      return story.ok ? ok(await viewOf(core, story.value.incident)) : story;
    },
    incidentClose: async ({ principal }, { id, reason }) => {
      const story = await incidents.close(id, principal.id, reason);
      return story.ok ? ok(await viewOf(core, story.value.incident)) : story;
    },
    incidentReport: async (_caller, { id }) => {
      const story = incidents.get(id);
      if (!story.ok) return story;
      return ok({ markdown: incidentReport(id, incidents.entries(id), toRfc3339(clock.now())) });
    },
    signalList: async (_caller, { component, limit }) => {
      const signals = incidents
        .list()
        .flatMap((incident) => incident.signals)
        .filter((signal) => component?.includes(signal.component) ?? true)
        .toSorted((a, b) => (a.at < b.at ? 1 : -1));
      return ok({ signals: signals.slice(0, limit) });
    },
  };
}

/** An incident without its diagnosis. */
export function summaryOf({ diagnosis: _diagnosis, ...summary }: Incident): IncidentSummary {
  return summary;
}

async function viewOf(
  core: Pick<Core, 'clock' | 'rollbacks' | 'inventory'>,
  incident: Incident,
): Promise<IncidentView> {
  const { diagnosis, ...summary } = incident;
  const beside = await runsBeside(core, incident);
  const held = incident.state === 'closed' ? undefined : runUnderWay(core, incident);
  const shown = {
    ...summary,
    ...(diagnosis ?? {
      incident: {
        from: incident.firstBadAt,
        to: incident.closedAt ?? toRfc3339(core.clock.now()),
      },
      suspects: [],
      rollback: { helps: 'unknown', why: 'it has not been diagnosed yet' } as const,
      elapsedMs: 0,
    }),
    ...(beside.length === 0 ? {} : { besideRuns: beside }),
  };
  if (held === undefined) return shown;
  return { ...shown, rollback: { helps: 'unknown', why: whyHeld(held) } };
}
