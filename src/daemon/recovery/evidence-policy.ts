import { addMs, parseRfc3339, timeNs, toRfc3339, toSecond, type TimeNs } from '../../base/time.ts';
import type { Config } from '../../config/schema.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { ReferredTime, RetentionPolicy } from '../../model/evidence/evidence-retention.ts';
import type { Incident } from '../../model/incident/incident.ts';

/** The hour before shows what was normal, and the hour after what became of it. */
const MARGIN_MS = 3_600_000;

/** What refers to evidence. */
export interface Referring {
  readonly checkpoints: readonly CheckpointView[];
  /** Checkpoints that a run, a plan or an open incident names. */
  readonly inUse: ReadonlySet<string>;
  readonly openIncidents: readonly Incident[];
  readonly soakMs: number;
}

/** What evidence stays as of now: by age as configured, and what something refers to. Pure. */
export function evidencePolicy(
  { retention, keep, maxBytes }: Config['storage'],
  referring: Referring,
  now: TimeNs,
): RetentionPolicy {
  return {
    before: addMs(now, -retention),
    rules: keep.map(({ kind: kinds, component: components, for: ms }) => ({
      kinds,
      components,
      before: addMs(now, -ms),
    })),
    maxBytes,
    referred: [
      ...referring.checkpoints.flatMap((view) => timeOfCheckpoint(view, referring) ?? []),
      ...referring.openIncidents.map(timeOfIncident),
    ],
  };
}

/** The evidence of a checkpoint that is to stay; undefined when nothing asks for it. */
export function timeOfCheckpoint(
  { id, pinned, manifest }: CheckpointView,
  { inUse, soakMs }: Pick<Referring, 'inUse' | 'soakMs'>,
): ReferredTime | undefined {
  if (!pinned && !inUse.has(id)) return undefined;
  const taken = parseRfc3339(manifest.takenAt) ?? timeNs(0n);
  const why = pinned
    ? `checkpoint ${id} is pinned`
    : `a run, a plan or an open incident refers to checkpoint ${id}`;
  return { from: addMs(taken, -MARGIN_MS), to: addMs(taken, soakMs + MARGIN_MS), why };
}

function timeOfIncident({ id, firstBadAt, state }: Incident): ReferredTime {
  const bad = parseRfc3339(firstBadAt) ?? timeNs(0n);
  return { from: addMs(bad, -MARGIN_MS), why: `incident ${id} is ${state}` };
}

/** Such a time as people read it. */
export function referredText({ from, to, why }: ReferredTime): string {
  const end = to === undefined ? 'now on' : seconds(to);
  return `evidence from ${seconds(from)} to ${end} stays, because ${why}`;
}

function seconds(time: TimeNs): string {
  return toSecond(toRfc3339(time));
}
