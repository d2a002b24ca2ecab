import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import { addMs, parseRfc3339, toRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointView, Exercise } from '../../model/checkpoint/checkpoint.ts';
import type { EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import type { Clock } from '../../ports/clock.ts';
import { evidenceGap, type CollectionNow } from '../../recovery/checkpoint/evidence-gap.ts';
import { exercisedIn, exerciseOf } from '../../recovery/checkpoint/exercise.ts';
import { judgeSoak } from '../../recovery/checkpoint/judge-soak.ts';
import { wellTime } from '../../recovery/checkpoint/soak-clarity.ts';
import { unwatchedMs, type Look } from '../../recovery/checkpoint/soak-look.ts';
import type { News } from '../news.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Health } from './health.ts';
import type { Inventory } from './inventory.ts';

/** What watching over soaking checkpoints needs. */
export interface SoakParts {
  readonly inventory: () => Inventory;
  readonly checkpoints: Checkpoints;
  readonly health: Health;
  readonly clock: Clock;
  readonly log: Log;
  readonly news: News;
  readonly soakMs: () => number;
  /** How far looks are apart. */
  readonly lookEveryMs: () => number;
  readonly openIncidents: () => readonly Incident[];
  /** Since when the evidence process has been up without a break; absent while it is down. */
  readonly evidenceUpSince: () => TimeNs | undefined;
  /** How the sources stand; an error while the evidence process is away. */
  readonly collection: () => Promise<Result<CollectionNow>>;
  /** What the streaming counters know of a window; an error while they are away. */
  readonly summary: (from: string, to: string) => Promise<Result<EvidenceSummary>>;
}

/**
 * Looks at every soaking checkpoint whenever it is called: one round of health for all of them. It
 * remembers its last look, so that what a stopped daemon did not see is held against them.
 */
export function soakWatch(parts: SoakParts): () => Promise<void> {
  let before: Look | undefined;
  return async () => {
    const beganMs = parts.clock.uptimeMs();
    before = await lookAtSoaks(parts, beganMs, before);
  };
}

async function lookAtSoaks(
  parts: SoakParts,
  beganMs: number,
  before: Look | undefined,
): Promise<Look> {
  const { checkpoints, health, clock } = parts;
  const soaking = checkpoints.catalogue
    .list()
    .filter(({ id, status }) => status === 'restorable' && !hasSoaked(parts, id));
  const samples = soaking.length === 0 ? [] : await health.sample();
  const look = { beganMs, endedMs: clock.uptimeMs() };
  const now = clock.now();
  const unwatched = unwatchedMs(before, look, parts.lookEveryMs());
  const since = unwatched === 0 ? {} : { unwatchedSince: addMs(now, -unwatched) };
  for (const view of soaking) await watchOne(view, samples, now, since, parts);
  return { ...look, endedMs: clock.uptimeMs() };
}

/** Also what is promised nothing soaks: a check that comes to be may still find it well. */
function hasSoaked({ checkpoints }: SoakParts, id: CheckpointView['id']): boolean {
  return checkpoints.catalogue.facts(id).some(({ kind }) => kind === 'soak-ended');
}

async function watchOne(
  view: CheckpointView,
  samples: readonly ProbeSample[],
  now: TimeNs,
  since: { readonly unwatchedSince?: TimeNs },
  parts: SoakParts,
): Promise<void> {
  const { catalogue } = parts.checkpoints;
  const components = new Set(view.manifest.captures.map(({ component }) => component));
  // Whoever stands on what it holds would suffer first: a firewall itself feels nothing.
  const concerned = new Set(parts.inventory().withDependents([...components]));
  const end = await endOf(view, components, now, parts);
  const facts = judgeSoak(catalogue.facts(view.id), {
    now,
    soakMs: parts.soakMs(),
    samples: samples.filter(({ component }) => concerned.has(component)),
    openIncidents: parts
      .openIncidents()
      .filter((incident) => incident.components.some((name) => concerned.has(name)))
      .map(({ id }) => id),
    ...since,
    ...end,
  });
  if (facts.length === 0) return;
  const added = await catalogue.add(view.id, facts);
  if (!added.ok)
    parts.log.error('SoakJudgedError', { checkpoint: view.id, code: added.error.code });
  const after = catalogue.view(view.id);
  if (!after.ok || after.value.status === view.status) return;
  const { status } = after.value;
  parts.news.tell({ kind: 'checkpoint', at: toRfc3339(now), id: view.id, status });
}

/** What only its end asks for: whether evidence is missing, and what ran. */
async function endOf(
  view: CheckpointView,
  components: ReadonlySet<string>,
  now: TimeNs,
  parts: SoakParts,
): Promise<{ readonly gap?: string; readonly exercise?: Exercise }> {
  const { takenAt } = view.manifest;
  const taken = parseRfc3339(takenAt);
  if (taken === undefined || now < wellTime(taken, parts.soakMs(), 0)) return {};
  const [collection, summary] = await Promise.all([
    parts.collection(),
    parts.summary(takenAt, toRfc3339(now)),
  ]);
  const missed = collection.ok
    ? evidenceGap(view.manifest, parts.soakMs(), collection.value)
    : `the sources could not be asked (${collection.error.code})`;
  const gap = gapOf(view, parts) ?? missed;
  const told = gap === undefined ? {} : { gap };
  if (!summary.ok) return told;
  const { catalogue } = parts.checkpoints;
  const known = exercisedIn(catalogue.list().flatMap(({ id }) => catalogue.facts(id)));
  const mine = known.filter((name) => components.has(name.slice(0, name.indexOf(' '))));
  return { ...told, exercise: exerciseOf(summary.value.operations, components, mine) };
}

/** A break in the evidence while it soaked: what was not seen cannot have been good. */
function gapOf(view: CheckpointView, parts: SoakParts): string | undefined {
  const since = parts.evidenceUpSince();
  const takenAt = parseRfc3339(view.manifest.takenAt);
  if (since === undefined) return 'the evidence process is down';
  // A process that came up within a moment of the checkpoint saw all of its soak.
  if (takenAt === undefined || since <= addMs(takenAt, START_GRACE_MS)) return undefined;
  return `the evidence process was down until ${toRfc3339(since).slice(11, 19)}Z`;
}

/** The first checkpoint is taken while the evidence process starts. */
const START_GRACE_MS = 5_000;
