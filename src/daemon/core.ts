import type { DataFolder } from '../config/data-folder.ts';
import { soakTime } from '../config/soak-time.ts';
import type { Config } from '../config/schema.ts';
import type { Problem } from '../api/contract.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Log } from '../base/log.ts';
import type { Reserve } from '../base/reserve.ts';
import { parseRfc3339, toSecond } from '../base/time.ts';
import type { CheckpointView } from '../model/checkpoint/checkpoint.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ReferredTime, RetentionPolicy } from '../model/evidence/evidence-retention.ts';
import { mayHold } from '../model/run/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProviderClient } from '../ports/provider-client.ts';
import type { Vault } from '../ports/vault.ts';
import type { KeepPolicy } from '../recovery/checkpoint/retention.ts';
import type { Rollbacks } from '../recovery/rollback/rollbacks.ts';
import type { Hands } from './backend/grants.ts';
import type { EvidencePlane } from './evidence/evidence-plane.ts';
import type { EvidenceLink } from './evidence/link.ts';
import type { HostReserve, HostStanding } from './host/hosts.ts';
import type { News } from './news.ts';
import type { Checkpoints } from './recovery/checkpoints.ts';
import type { Hold } from '../recovery/rollback/hold.ts';
import type { Incidents } from '../recovery/incident/incidents.ts';
import { timeOfCheckpoint, evidencePolicy, type Referring } from './recovery/evidence-policy.ts';
import type { Inventory } from './recovery/inventory.ts';
import type { Health } from './recovery/health.ts';
import type { HealthWatch } from './recovery/health-watch.ts';
import type { PlanShelf } from '../recovery/plan/plan-shelf.ts';
import type { Planner } from './recovery/planner.ts';

/** Everything the core is made of. */
export interface CoreParts {
  readonly version: string;
  readonly startedAt: string;
  readonly folder: DataFolder;
  /** Names the key in use without telling it. */
  readonly keyId: string;
  readonly hands: Hands;
  /** How the configured hosts stand. */
  readonly hosts: () => readonly HostStanding[];
  /** What the host runners have set aside for recovery. */
  readonly hostReserves: () => Promise<readonly HostReserve[]>;
  readonly clock: Clock;
  readonly log: Log;
  readonly news: News;
  readonly vault: Vault;
  /** What is set aside for recovery on the disk of the data. */
  readonly reserve: Reserve;
  readonly client: ProviderClient;
  readonly link: EvidenceLink;
  readonly evidence: EvidencePlane;
  readonly checkpoints: Checkpoints;
  readonly incidents: Incidents;
  readonly rollbacks: Rollbacks;
  readonly planner: Planner;
  readonly plans: PlanShelf;
  readonly hold: Hold;
  readonly health: Health;
  readonly healthWatch: HealthWatch;
  readonly inventory: () => Inventory;
  readonly config: () => Config;
  /** What is wrong with the set-up, and how to mend it. */
  readonly warnings: () => readonly Problem[];
}

/** Rules that span several parts. */
export interface CoreRules {
  /** Notes that a run has finished applying: a confirm must come over a younger connection. */
  noteApplied(run: string): void;
  /** Refuses a confirm over a connection that was open before the run had applied. */
  requireFreshConnection(run: string, connectedAtMs: number): Result<void>;
  /** Refuses while a freeze window covers one of the components. */
  requireNotFrozen(components: readonly string[], breakGlass?: string): Result<void>;
  /** Refuses while an incident, a run or a freeze window covers one of the components. */
  requireQuiet(components: readonly string[]): Result<void>;
  /** Refuses while a declared health check of one of the components is red. */
  requireHealthy(components: readonly string[]): Result<void>;
  /** Checkpoints that something open refers to. */
  checkpointsInUse(): ReadonlySet<string>;
  keepPolicy(): KeepPolicy;
  /** What of the evidence stays as of now. */
  evidencePolicy(): RetentionPolicy;
  /** Why the evidence around a checkpoint stays; undefined when only its age decides. */
  referredTime(view: CheckpointView): ReferredTime | undefined;
}

/** The recovery plane as the API sees it. */
export type Core = CoreParts & CoreRules;

/** Joins the parts with the rules that span them. */
export function createCore(parts: CoreParts): Core {
  const appliedAtMs = new Map<string, number>();
  return {
    ...parts,
    noteApplied: (run) => void appliedAtMs.set(run, parts.clock.uptimeMs()),
    requireFreshConnection(run, connectedAtMs) {
      const applied = appliedAtMs.get(run);
      if (applied === undefined || connectedAtMs >= applied) return ok(undefined);
      const detail = `the connection was opened before ${run} had applied; open a new one`;
      return err(lgError('LG_ROLLBACK_NOT_CONFIRMABLE', detail));
    },
    requireNotFrozen: (components, breakGlass) => requireNotFrozen(parts, components, breakGlass),
    requireQuiet: (components) => requireQuiet(parts, components),
    requireHealthy: (components) => requireHealthy(parts, components),
    checkpointsInUse: () => checkpointsInUse(parts),
    keepPolicy() {
      const { checkpoints, rollback } = parts.config();
      const { last, within } = checkpoints.keep;
      return { last, withinMs: within, undoPeriodMs: rollback.undoPeriod };
    },
    evidencePolicy: () =>
      evidencePolicy(parts.config().storage, referringNow(parts), parts.clock.now()),
    referredTime: (view) => timeOfCheckpoint(view, referringNow(parts)),
  };
}

function requireNotFrozen(
  { clock, config }: CoreParts,
  components: readonly string[],
  breakGlass: string | undefined,
): Result<void> {
  const now = clock.now();
  const window = config().freeze.find(
    ({ from, to, components: frozen }) =>
      (parseRfc3339(from) ?? now) <= now &&
      now < (parseRfc3339(to) ?? now) &&
      (frozen.includes('*') || frozen.some((name) => components.includes(name))),
  );
  if (window === undefined || breakGlass !== undefined) return ok(undefined);
  const detail = `${window.name} covers ${components.join(', ')} until ${window.to}`;
  return err(lgError('LG_ROLLBACK_FROZEN', detail));
}

function requireQuiet(parts: CoreParts, components: readonly string[]): Result<void> {
  const incident = parts.incidents
    .open()
    .find((one) => one.components.some((name) => components.includes(name)));
  if (incident !== undefined) {
    const detail = `incident ${incident.id} is open on ${components.join(', ')}`;
    return err(lgError('LG_ROLLBACK_GATE_CLOSED', detail));
  }
  const run = parts.rollbacks.active().find((view) => mayHold(view, components));
  if (run !== undefined) {
    const detail = `run ${run.run} is ${run.state} on ${components.join(', ')}`;
    return err(lgError('LG_ROLLBACK_GATE_CLOSED', detail));
  }
  return requireNotFrozen(parts, components, undefined);
}

function requireHealthy({ healthWatch }: CoreParts, components: readonly string[]): Result<void> {
  const red = healthWatch
    .states(components)
    .find(({ color, external }) => color === 'red' && external !== true);
  if (red === undefined) return ok(undefined);
  const since = red.since === undefined ? '' : ` since ${toSecond(red.since)}`;
  const detail = `the health check ${red.check} is red${since}: ${red.seen}`;
  return err(lgError('LG_ROLLBACK_GATE_CLOSED', detail));
}

function referringNow(parts: CoreParts): Referring {
  return {
    checkpoints: parts.checkpoints.catalogue.list(),
    inUse: checkpointsInUse(parts),
    openIncidents: parts.incidents.open(),
    soakMs: soakTime(parts.config()),
  };
}

function checkpointsInUse({ rollbacks, incidents, plans }: CoreParts): ReadonlySet<string> {
  const runs = rollbacks.active().flatMap(({ target, before }) => [target, before ?? target]);
  const advised = incidents
    .open()
    .flatMap(({ diagnosis }) => [diagnosis?.rollback.checkpoint, diagnosis?.rollback.runnerUp]);
  return new Set([...runs, ...plans.targets(), ...advised.filter((id) => id !== undefined)]);
}
