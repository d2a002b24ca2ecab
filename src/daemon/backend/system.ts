import type { ApiBackend } from '../../api/backend.ts';
import type { CheckpointBrief, CheckView, StandingView, StatusView } from '../../api/contract.ts';
import { err, ok } from '../../base/result.ts';
import { isCompareOnly, type CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { standingOf, type CheckState } from '../../model/health/check-state.ts';
import { completenessOf, type Completeness } from '../../model/evidence/completeness.ts';
import type { Component } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { armedRuns } from '../../model/run/hold.ts';
import { pendingRollback } from '../../model/incident/incident.ts';
import { checkName } from '../../recovery/gate/probe.ts';
import type { Core } from '../core.ts';
import { hostProblems } from '../host/hosts.ts';
import { heldOtherwise } from '../configuration/held-otherwise.ts';
import { goodProblem } from '../recovery/good-problem.ts';
import type { EvidenceStatus } from '../evidence/evidence-plane.ts';
import { aliasesOf } from '../../config/inventory.ts';
import { Coverage } from './coverage.ts';
import { Entities } from './entities.ts';
import { examine } from './examine.ts';
import { pauseProblems } from './examine-pauses.ts';
import { reserveProblems } from './examine-reserve.ts';
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
  const entities = new Entities(core);
  return {
    // Asks nobody: it must answer while everything else is overloaded.
    health: async () => ok({ status: healthOf(core) }),
    status: async () => ok(await statusOf(core, coverage, entities)),
    doctor: async () => {
      const findings = await examine(core, coverage, entities);
      return ok({ ok: findings.every((finding) => finding.ok), findings });
    },
    sourceList: async () => {
      const status = await evidence.status();
      return status.ok ? ok({ sources: status.value.sources }) : status;
    },
    componentList: async () =>
      ok({
        components: core.inventory().components.map((component) => componentView(core, component)),
        ...(await entities.dependencies()),
      }),
    clockList: async (_caller, { clock: [named] = [] }) => {
      const clocks = await evidence.clocks();
      if (!clocks.ok) return clocks;
      if (named === undefined) return ok({ clocks: clocks.value });
      const chosen = clocks.value.filter(({ clock }) => isNamed(clock, named));
      if (chosen.length > 0) return ok({ clocks: chosen });
      const known = clocks.value.map(({ clock }) => clock).slice(0, CLOCKS_NAMED_MAX);
      const others = known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`;
      // What comes now early, now late by hours tells nothing, and that is no fault of the name.
      const why = 'that takes calls to it, or 30 s of records that come steadily';
      const detail = `no clock "${named}" is related to ours: ${why}; ${others}`;
      return err(lgError('LG_API_NOT_FOUND', detail));
    },
    coverageList: async () => {
      const [list, unresolved] = await Promise.all([coverage.list(), entities.unresolved()]);
      return ok({ coverage: list, unresolved });
    },
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

function componentView(core: Core, component: Component) {
  return {
    name: component.name,
    kind: component.kind,
    aliases: [...aliasesOf(core.config())].flatMap(([alias, name]) =>
      name === component.name ? [alias] : [],
    ),
    dependsOn: component.dependsOn,
    state: component.state.map(({ id }) => id),
    health: component.health.map((probe) => checkName(component.name, probe)),
    checks: checkViews(core, core.healthWatch.states([component.name])),
  };
}

function checkViews({ config }: Core, states: readonly CheckState[]): readonly CheckView[] {
  const { triggers } = config();
  return states.map((state) => {
    const mine = triggers.filter(
      ({ component = state.component }) => component === state.component,
    );
    return { ...state, watchedBy: mine.map(({ name }) => name) };
  });
}

async function standingNow(core: Core): Promise<StandingView> {
  const states = core.healthWatch.states();
  const standing = standingOf(states, await core.health.fromTriggers());
  return { ...standing, checks: checkViews(core, states) };
}

function healthOf(core: Core): StatusView['health'] {
  const needsOperator = core.rollbacks.active().some(({ state }) => state === 'NEEDS_OPERATOR');
  if (needsOperator) return 'failed';
  const { state, why } = core.link.state();
  const isStoring = state === 'up' && why === undefined;
  const isReached = core.hosts().every(({ away }) => away === undefined);
  return isStoring && isReached && core.incidents.open().length === 0 ? 'ok' : 'degraded';
}

async function statusOf(core: Core, covered: Coverage, entities: Entities): Promise<StatusView> {
  const [evidence, clocks] = await Promise.all([core.evidence.status(), core.evidence.clocks()]);
  const views = core.checkpoints.catalogue.list();
  const [last] = views;
  const lastGood = views.find(({ status }) => status === 'good' || status === 'proven');
  const next = views.findLast(({ goodAt }) => goodAt !== undefined);
  const coverage = await covered.latest();
  const standing = await standingNow(core);
  const isRed = standing.checks.some(({ color }) => color === 'red');
  const own = healthOf(core);
  return {
    version: core.version,
    health: own === 'ok' && isRed ? 'degraded' : own,
    standing,
    startedAt: core.startedAt,
    dataDirectory: core.folder.root,
    keyFile: core.folder.key,
    evidence: core.link.state(),
    ...(evidence.ok ? { store: evidence.value.store } : {}),
    sources: evidence.ok ? evidence.value.sources : [],
    ...(evidence.ok ? { completeness: completenessNow(core, evidence.value) } : {}),
    clocks: clocks.ok ? clocks.value : [],
    checkpoints: {
      count: views.length,
      ...(last === undefined ? {} : { last: briefOf(last) }),
      ...(lastGood === undefined ? {} : { lastGood: briefOf(lastGood) }),
      ...(next === undefined ? {} : { next: briefOf(next) }),
    },
    announced: announcedNow(core),
    incidents: core.incidents.open().map(summaryOf),
    runs: core.rollbacks.active(),
    hold: core.hold.view(armedRuns(core.rollbacks.active())),
    coverage: {
      components: coverage.length,
      complete: coverage.filter(({ missing }) => missing.length === 0).length,
    },
    unresolved: await entities.unresolved(),
    problems: [
      ...problemsOf(core, evidence.ok ? evidence.value : undefined),
      ...(await reserveProblems(core)),
      ...(await pauseProblems(core)),
    ],
  };
}

/** Of closed incidents, too: what is not called off durably yet is not over. */
function announcedNow({ incidents }: Core): StatusView['announced'] {
  return incidents.list().flatMap((incident) => {
    const pending = pendingRollback(incident);
    return pending === undefined ? [] : [{ incident: incident.id, ...pending }];
  });
}

/** More names than that are no help to whoever mistyped one. */
const CLOCKS_NAMED_MAX = 10;

/** A clock is named as it is listed, or by its host, device, service or instance alone. */
function isNamed(clock: string, named: string): boolean {
  return clock === named || clock.slice(clock.indexOf(':') + 1) === named.toLowerCase();
}

function completenessNow({ clock }: Core, { store, sources }: EvidenceStatus): Completeness {
  return completenessOf(sources, store.watermarks, clock.now());
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

/** One grant often mends many sources: then it is told once, with all of them. */
function sourceProblems(sources: EvidenceStatus['sources']): StatusView['problems'] {
  const troubled = sources.flatMap(({ id, problem }) =>
    problem === undefined ? [] : [{ id, what: problem, grant: problem.split('; grant it: ')[1] }],
  );
  return [...Map.groupBy(troubled, ({ id, grant }) => grant ?? id).values()].map((alike) => {
    const [first] = alike;
    const names = alike.map(({ id }) => id).join(', ');
    if (alike.length === 1 || first?.grant === undefined) {
      return { what: `source ${names}`, mend: first?.what ?? '' };
    }
    return { what: `${alike.length} sources cannot be read: ${names}`, mend: first.grant };
  });
}

function withoutGood(core: Core): StatusView['problems'] {
  const problem = goodProblem(core);
  return problem === undefined ? [] : [problem];
}

function problemsOf(core: Core, evidence: EvidenceStatus | undefined): StatusView['problems'] {
  const { state, why } = core.link.state();
  return [
    ...core.warnings(),
    ...heldOtherwise(core),
    ...withoutGood(core),
    ...hostProblems(core.hosts()),
    ...(state === 'up'
      ? []
      : [{ what: `the evidence process is ${state}`, mend: why ?? 'it is being started' }]),
    ...(state === 'up' && why !== undefined ? [{ what: 'records are refused', mend: why }] : []),
    ...sourceProblems(evidence?.sources ?? []),
    ...(evidence?.store.quarantined ?? []).map(({ segment, why: damage }) => ({
      what: `segment ${segment} was set aside`,
      mend: damage,
    })),
  ];
}
