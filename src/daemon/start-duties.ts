import type { AuditLog } from '../api/access/audit-log.ts';
import type { ApiServer } from '../api/server/start-server.ts';
import { messageOf } from '../base/error.ts';
import { toRfc3339, addMs, toSecond } from '../base/time.ts';
import type { Incident } from '../model/incident/incident.ts';
import { isTerminal, type RunView } from '../model/run/run.ts';
import type { Signal } from '../model/incident/signal.ts';
import { Automatic } from './automatic/automatic.ts';
import { endTeller } from './automatic/tell-ended.ts';
import { tellOfEndedRuns, tellOfRun } from './after-run.ts';
import { forget } from './backend/checkpoints.ts';
import { duringRun } from './during-run.ts';
import { checkpointDuties, takeByItself } from './checkpoint-duties.ts';
import { decodeSignal, SUBJECT } from './evidence/messages.ts';
import { retainEvidence } from './recovery/retain-evidence.ts';
import { runUnderWay } from './beside-incident.ts';
import { repeat } from './repeat.ts';
import type { StartedCore } from './start-core.ts';
import type { Notices } from './notices/start-notices.ts';
import { ok } from '../base/result.ts';

/** How often incidents are tidied and open ones diagnosed anew. */
const TIDY_EVERY_MS = 5_000;
/** How often retention is enforced, and how soon after the start. */
const RETAIN_MS = { first: 30_000, every: 10 * 60_000 } as const;
/** A refused plan shall still be explained as too old, rather than unknown, for a day. */
const PLAN_KEPT_MS = 24 * 3_600_000;
/** A diagnosis waits this long for the rest of a burst of signals. */
const SETTLE_MS = 3_000;

/** Starts what the core does by itself; answers how to stop it all. */
export function startDuties(
  started: StartedCore,
  notices: Notices,
  server: ApiServer,
  audit: AuditLog,
): () => Promise<void> {
  const stops = [
    healthDuty(started),
    ...checkpointDuties(started, notices),
    ...incidentDuties(started, notices),
    followRuns(started, server, notices),
    retentionDuty(started),
    automaticDuty(started, notices, audit),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

type Stop = () => Promise<void>;

/** Declared health checks are looked at whether or not anything else asks for them. */
function healthDuty({ core }: StartedCore): Stop {
  const { healthWatch, rollbacks } = core;
  const isFollowed = (): boolean =>
    rollbacks.active().some(({ state }) => state !== 'NEEDS_OPERATOR');
  return repeat(
    'health',
    () => healthWatch.nextLookMs(isFollowed()),
    () => healthWatch.look(),
    core,
  );
}

function incidentDuties(started: StartedCore, notices: Notices): readonly Stop[] {
  const { core, bus } = started;
  const { incidents, clock, log } = core;
  let diagnosing: Promise<void> = Promise.resolve();
  let isStopped = false;
  const waiting = new Set<string>();
  const diagnoseSoon = (id: string): void => {
    // One at a time for each incident: a diagnosis reads every state.
    if (waiting.has(id)) return;
    waiting.add(id);
    clock.after(SETTLE_MS, () => {
      diagnosing = diagnosing
        .then(() => {
          waiting.delete(id);
          return isStopped ? undefined : diagnose(started, id);
        })
        .catch((error: unknown) => log.error('IncidentDiagnosedError', { why: messageOf(error) }));
    });
  };
  started.troubled((incident, isNew) => {
    const isTold = incident.signals.some(({ actions }) => actions.includes('notify'));
    if (isNew && isTold) notices.tell(incidentNotice(incident));
    diagnoseSoon(incident.id);
  });
  const unhear = bus.subscribe(SUBJECT.signal, (payload) => {
    takeSignal(started, notices, decodeSignal(payload)).catch((error: unknown) =>
      log.error('SignalTakenError', { why: messageOf(error) }),
    );
  });
  const unhearArrivals = bus.subscribe(SUBJECT.arrived, (records) => {
    core.news.tell({ kind: 'timeline', at: toRfc3339(clock.now()), records: Number(records) });
  });
  const tidy = repeat(
    'incidents',
    () => TIDY_EVERY_MS,
    async () => {
      const states = await core.evidence.triggers();
      await incidents.tidy(states.ok ? states.value : undefined);
      for (const incident of incidents.open()) {
        if (incident.state === 'open' || incident.state === 'acknowledged')
          diagnoseSoon(incident.id);
      }
    },
    core,
  );
  return [
    async () => {
      isStopped = true;
      unhear();
      unhearArrivals();
      await tidy();
      await diagnosing;
    },
  ];
}

async function takeSignal(started: StartedCore, notices: Notices, signal: Signal): Promise<void> {
  const { core } = started;
  const at = toRfc3339(core.clock.now());
  core.news.tell({ kind: 'signal', at, signal });
  const grouped = await core.incidents.signal(signal, () => duringRun(core, signal));
  if (!grouped.ok) core.log.error('SignalTakenError', { code: grouped.error.code });
  if (signal.phase !== 'raised') return;
  const opensIncident = signal.actions.includes('incident');
  if (signal.actions.includes('notify') && !opensIncident) {
    const { id, trigger, component, reason: text } = signal;
    notices.tell({
      kind: 'incident',
      id,
      urgency: 'warning',
      title: `${trigger} on ${component}`,
      text,
    });
  }
  if (signal.actions.includes('checkpoint') && !core.checkpoints.isBusy) {
    // A burst of triggers needs one picture of the trouble.
    await takeByItself(started, { kind: 'trigger', trigger: signal.trigger });
  }
}

function incidentNotice(incident: Incident) {
  const [signal] = incident.signals;
  const during = (incident.duringRuns ?? []).map(({ text: told }) => ` ${told}.`).join('');
  const text = `${signal?.reason ?? ''} Since ${toSecond(incident.firstBadAt)}.${during}`;
  const { id, title } = incident;
  return { kind: 'incident', thread: id, id, urgency: 'critical', title, text } as const;
}

async function diagnose({ core, diagnostician }: StartedCore, id: string): Promise<void> {
  const story = core.incidents.get(id);
  if (!story.ok || story.value.incident.state === 'closed') return;
  // What a run of ours is changing would be named as the cause, and checkpoints accused of it.
  if (runUnderWay(core, story.value.incident) !== undefined) return;
  const diagnosis = await diagnostician.diagnose(story.value.incident);
  // One that began meanwhile may be in what was looked at.
  if (runUnderWay(core, story.value.incident) !== undefined) return;
  const before = story.value.incident.diagnosis;
  if (before !== undefined && (isSame(before, diagnosis) || isWeaker(diagnosis, before))) return;
  await core.incidents.change(id, (_story, at) => ok({ kind: 'diagnosed', at, diagnosis }));
  await diagnostician.accuse(story.value.incident, diagnosis);
}

/**
 * Whether a new diagnosis is less sure than an earlier one: the counters forget when their process
 * restarts, and what was seen before that must not be lost with them.
 */
function isWeaker(a: NonNullable<Incident['diagnosis']>, b: typeof a): boolean {
  const sure = ({ suspects }: typeof a): boolean =>
    suspects[0]?.verdict === 'LIKELY' || suspects[0]?.verdict === 'PROVEN';
  return sure(b) && !sure(a);
}

/** Whether a new diagnosis says nothing new: its numbers move all the time, its words count. */
function isSame(a: NonNullable<Incident['diagnosis']>, b: typeof a): boolean {
  const essence = ({ suspects, rollback }: typeof a): string =>
    JSON.stringify([suspects.map(({ component, verdict }) => [component, verdict]), rollback]);
  return essence(a) === essence(b);
}

/** Keeps incidents, checkpoints and people informed of what runs do. */
function followRuns({ core }: StartedCore, server: ApiServer, notices: Notices): Stop {
  const seen = new Map<string, RunView['state']>();
  const failed = (error: unknown): void =>
    core.log.error('RunToldError', { why: messageOf(error) });
  const stop = core.rollbacks.subscribe((view) => {
    const before = seen.get(view.run);
    seen.set(view.run, view.state);
    if (before === view.state) return;
    const at = toRfc3339(core.clock.now());
    core.news.tell({ kind: 'run', at, id: view.run, state: view.state });
    if (view.state === 'AWAITING_CONFIRM') {
      // What was seen before the change is no answer to whoever decides about it.
      core.healthWatch.look().catch(failed);
      core.noteApplied(view.run);
      server.closeOlderConnections();
    }
    tellOfRun(core, view).catch(failed);
    if (isTerminal(view.state)) seen.delete(view.run);
  });
  const tellEnd = endTeller((notice) => notices.tell(notice));
  const unhear = core.rollbacks.subscribe(tellEnd);
  tellOfEndedRuns(core, tellEnd).catch(failed);
  return async () => {
    unhear();
    stop();
  };
}

/** How often it is asked whether a rollback may begin by itself, and whether somebody says no. */
const AUTOMATIC_EVERY_MS = 1_000;

function automaticDuty({ core }: StartedCore, notices: Notices, audit: AuditLog): Stop {
  const automatic = new Automatic({
    core,
    tell: (notice) => notices.tell(notice),
    audit: (fact) => audit.record(fact),
  });
  return repeat(
    'automatic',
    () => AUTOMATIC_EVERY_MS,
    () => automatic.look(),
    core,
  );
}

function retentionDuty(started: StartedCore): Stop {
  let isFirst = true;
  return repeat(
    'retention',
    () => (isFirst ? RETAIN_MS.first : RETAIN_MS.every),
    async () => {
      isFirst = false;
      await retain(started);
    },
    started.core,
  );
}

async function retain({ core }: StartedCore): Promise<void> {
  const old = await core.plans.drop(addMs(core.clock.now(), -PLAN_KEPT_MS));
  if (!old.ok) core.log.warn('PlansDroppedError', { code: old.error.code });
  const dropped = await forget(core, 'lastgood', undefined, false);
  if (!dropped.ok) core.log.warn('CheckpointsForgottenError', { code: dropped.error.code });
  await retainEvidence(core);
}
