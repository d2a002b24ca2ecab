import type { ApiBackend } from '../../api/backend.ts';
import type { CheckpointBrief, Finding, StatusView } from '../../api/contract.ts';
import { err, ok } from '../../base/result.ts';
import { isCompareOnly, type CheckpointView } from '../../model/checkpoint.ts';
import type { Component } from '../../model/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ObservedState } from '../../ports/provider.ts';
import { checkName } from '../../recovery/gate/probe.ts';
import type { Core } from '../core.ts';
import type { EvidenceStatus } from '../evidence/evidence-door.ts';
import { Coverage } from './coverage.ts';
import { summaryOf } from './incidents.ts';

type SystemCall =
  | 'health'
  | 'status'
  | 'doctor'
  | 'sourceList'
  | 'componentList'
  | 'clockList'
  | 'coverageList'
  | 'triggerList'
  | 'triggerExplain';

/** Calls about the daemon itself and what it watches. */
export function systemCalls(core: Core): Pick<ApiBackend, SystemCall> {
  const { evidence } = core;
  const coverage = new Coverage(core);
  return {
    // Asks nobody: it must answer while everything else is overloaded.
    health: async () => ok({ status: healthOf(core) }),
    status: async () => ok(await statusOf(core, coverage)),
    doctor: async () => {
      const findings = await examine(core, coverage);
      return ok({ ok: findings.every((finding) => finding.ok), findings });
    },
    sourceList: async () => {
      const status = await evidence.status();
      return status.ok ? ok({ sources: status.value.sources }) : status;
    },
    componentList: async () =>
      ok({ components: core.inventory().components.map((component) => componentView(component)) }),
    clockList: async () => ok({ clocks: [] }),
    coverageList: async () => ok({ coverage: await coverage.list() }),
    triggerList: async () => {
      const states = await evidence.triggers();
      return states.ok ? ok({ triggers: states.value }) : states;
    },
    triggerExplain: async (_caller, { name }) => {
      const states = await evidence.triggers();
      if (!states.ok) return states;
      const triggers = states.value.filter((state) => state.name === name);
      if (triggers.length > 0) return ok({ triggers });
      const known = [...new Set(states.value.map((state) => state.name))].join(', ') || 'none';
      const detail = `"${name}" is no trigger; there are ${known}`;
      return err(lgError('LG_API_NOT_FOUND', detail));
    },
  };
}

function componentView(component: Component) {
  return {
    name: component.name,
    kind: component.kind,
    dependsOn: component.dependsOn,
    state: component.state.map(({ id }) => id),
    health: component.health.map((probe) => checkName(component.name, probe)),
  };
}

function healthOf(core: Core): StatusView['health'] {
  const needsOperator = core.rollbacks.active().some(({ state }) => state === 'NEEDS_OPERATOR');
  if (needsOperator) return 'failed';
  const { state, why } = core.link.state();
  const isStoring = state === 'up' && why === undefined;
  return isStoring && core.incidents.open().length === 0 ? 'ok' : 'degraded';
}

async function statusOf(core: Core, covered: Coverage): Promise<StatusView> {
  const evidence = await core.evidence.status();
  const views = core.checkpoints.catalogue.list();
  const [last] = views;
  const lastGood = views.find(({ status }) => status === 'good' || status === 'proven');
  const coverage = await covered.latest();
  return {
    version: core.version,
    health: healthOf(core),
    startedAt: core.startedAt,
    dataDirectory: core.folder.root,
    keyFile: core.folder.key,
    evidence: core.link.state(),
    ...(evidence.ok ? { store: evidence.value.store } : {}),
    sources: evidence.ok ? evidence.value.sources : [],
    clocks: [],
    checkpoints: {
      count: views.length,
      ...(last === undefined ? {} : { last: briefOf(last) }),
      ...(lastGood === undefined ? {} : { lastGood: briefOf(lastGood) }),
    },
    incidents: core.incidents.open().map(summaryOf),
    runs: core.rollbacks.active(),
    hold: core.hold.view(core.rollbacks.active().map(({ run }) => run)),
    coverage: {
      components: coverage.length,
      complete: coverage.filter(({ missing }) => missing.length === 0).length,
    },
    problems: problemsOf(core, evidence.ok ? evidence.value : undefined),
  };
}

function briefOf(view: CheckpointView): CheckpointBrief {
  const { id, status, statusReason, goodAt, manifest } = view;
  return {
    id,
    status,
    statusReason,
    takenAt: manifest.takenAt,
    ...(isCompareOnly(manifest) ? { compareOnly: true } : {}),
    ...(goodAt === undefined ? {} : { goodAt }),
  };
}

function problemsOf(core: Core, evidence: EvidenceStatus | undefined): StatusView['problems'] {
  const { state, why } = core.link.state();
  return [
    ...core.warnings(),
    ...(state === 'up'
      ? []
      : [{ what: `the evidence process is ${state}`, mend: why ?? 'it is being started' }]),
    ...(state === 'up' && why !== undefined ? [{ what: 'records are refused', mend: why }] : []),
    ...(evidence?.sources ?? []).flatMap(({ id, problem }) =>
      problem === undefined ? [] : [{ what: `source ${id}`, mend: problem }],
    ),
    ...(evidence?.store.quarantined ?? []).map(({ segment, why: damage }) => ({
      what: `segment ${segment} was set aside`,
      mend: damage,
    })),
  ];
}

async function examine(core: Core, coverage: Coverage): Promise<readonly Finding[]> {
  const evidence = await core.evidence.status();
  const sources = evidence.ok ? evidence.value.sources : [];
  const findings: Finding[] = [
    {
      area: 'version',
      subject: 'lastgood',
      ok: true,
      seen: `${core.version} on Node ${process.versions.node}`,
    },
    evidence.ok
      ? {
          area: 'evidence',
          subject: 'process',
          ok: true,
          seen: `${evidence.value.store.records} records`,
        }
      : {
          area: 'evidence',
          subject: 'process',
          ok: false,
          seen: evidence.error.detail,
          mend: evidence.error.entry.hint,
        },
    ...sources.map((source): Finding => {
      const seen = `${source.state}, ${source.records} records, ${source.rejects} rejects`;
      const base = { area: 'source', subject: source.id, seen };
      if (source.problem === undefined && source.state === 'running') return { ...base, ok: true };
      return { ...base, ok: false, mend: source.problem ?? 'see the log for why it does not run' };
    }),
    ...core.warnings().map(({ what, mend }): Finding => ({
      area: 'setup',
      subject: what,
      ok: false,
      seen: what,
      mend,
    })),
    ...(await examineTriggers(core)),
    ...(await examineProviders(core)),
    ...(await coverage.list()).map(({ component, present, missing }): Finding => {
      const base = { area: 'coverage', subject: component };
      if (missing.length === 0) return { ...base, ok: true, seen: present.join(', ') };
      const mend = 'send or configure it, or take it out of requires';
      return { ...base, ok: false, seen: `missing ${missing.join(', ')}`, mend };
    }),
  ];
  return findings;
}

async function examineTriggers(core: Core): Promise<readonly Finding[]> {
  const states = await core.evidence.triggers();
  if (!states.ok) return [];
  return states.value.map((state) => ({
    area: 'trigger',
    subject: state.component === undefined ? state.name : `${state.name} on ${state.component}`,
    ok: state.state !== 'no-data',
    seen: state.explanation,
    ...(state.state === 'no-data' ? { mend: 'send what it reads, or remove the trigger' } : {}),
  }));
}

/** A state that is only compared: what could not be read of it, each with the grant it needs. */
function comparedFindings(
  subject: string,
  { items, unreadable }: ObservedState,
): readonly Finding[] {
  const base = { area: 'provider', subject };
  return [
    { ...base, ok: true, seen: `compare-only: ${items} items` },
    ...unreadable.map(({ path, why }) => ({
      ...base,
      ok: false,
      seen: `${path} could not be read`,
      mend: why,
    })),
  ];
}

/** Looks at every state for real: what cannot be observed could not be captured either. */
async function examineProviders(core: Core): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const state of core.inventory().states) {
    const base = { area: 'provider', subject: state.id };
    const [capabilities, observed] = [
      await core.client.capabilities(state),
      await core.client.observe(state),
    ];
    if (!observed.ok) {
      const { detail, entry } = observed.error;
      findings.push({ ...base, ok: false, seen: detail, mend: entry.hint });
    } else if (capabilities.ok && capabilities.value.comparesOnly === true) {
      findings.push(...comparedFindings(state.id, observed.value));
    } else if (capabilities.ok && !capabilities.value.restorable) {
      const why = capabilities.value.notRestorableBecause ?? 'it cannot be restored';
      findings.push({
        ...base,
        ok: false,
        seen: `compare-only: ${why}`,
        mend: `grant write access: ${why}`,
      });
    } else {
      const unread = observed.value.unreadable.length;
      const seen = `${observed.value.items} items, ${observed.value.bytes} bytes`;
      if (unread === 0) findings.push({ ...base, ok: true, seen });
      else
        findings.push({
          ...base,
          ok: false,
          seen: `${seen}, ${unread} unreadable`,
          mend: 'grant read access',
        });
    }
  }
  return findings;
}
