import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { IncidentEntry } from '../../model/incident/incident.ts';
import type { IncidentStory } from './fold-incident.ts';

/** A reason is a sentence, not a report. */
const REASON_CHARS_MAX = 1_000;

/**
 * The entry of somebody taking the incident on. Taking it over from somebody else is fine; a
 * closed one is LG_INCIDENT_CLOSED. Idempotent: who has it already changes nothing.
 */
export function acknowledge(
  { incident }: IncidentStory,
  actor: string,
  at: string,
): Result<IncidentEntry | undefined> {
  if (incident.state === 'closed') return closedAlready(incident.id, incident.closedAt);
  if (incident.acknowledgedBy === actor) return ok(undefined);
  return ok({ kind: 'acknowledged', at, actor });
}

/** The entry of a run that begins; a closed incident is LG_INCIDENT_CLOSED. */
export function startRun(
  { incident, runs }: IncidentStory,
  run: string,
  at: string,
): Result<IncidentEntry | undefined> {
  if (incident.state === 'closed') return closedAlready(incident.id, incident.closedAt);
  if (runs.some((one) => one.run === run)) return ok(undefined);
  return ok({ kind: 'run-started', at, run });
}

/** The entry of a run that ended; none when it is known already, as after a restart. */
export function endRun(
  { runs }: IncidentStory,
  end: { readonly run: string; readonly state: string; readonly healed: boolean },
  at: string,
): IncidentEntry | undefined {
  const known = runs.find((one) => one.run === end.run)?.ended;
  if (known?.state === end.state && known.healed === end.healed) return undefined;
  return { kind: 'run-ended', at, ...end };
}

/**
 * The entry of somebody closing it. Refused while a run is under way (LG_INCIDENT_RUN_ACTIVE),
 * without a reason (LG_INCIDENT_REASON_MISSING), or twice (LG_INCIDENT_CLOSED).
 */
export function close(
  { incident, runs }: IncidentStory,
  actor: string,
  reason: string,
  at: string,
): Result<IncidentEntry> {
  if (incident.state === 'closed') return closedAlready(incident.id, incident.closedAt);
  const active = runs.find(({ ended }) => ended === undefined);
  if (active !== undefined) {
    const detail = `incident ${incident.id} waits for run ${active.run}`;
    return err(lgError('LG_INCIDENT_RUN_ACTIVE', detail));
  }
  const words = reason.trim().slice(0, REASON_CHARS_MAX);
  if (words === '') {
    return err(lgError('LG_INCIDENT_REASON_MISSING', `incident ${incident.id} stays open`));
  }
  return ok({ kind: 'closed', at, actor, reason: words });
}

function closedAlready(id: string, at: string | undefined): Result<never> {
  return err(lgError('LG_INCIDENT_CLOSED', `incident ${id} was closed at ${at ?? 'some time'}`));
}
