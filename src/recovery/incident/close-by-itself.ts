import type { IncidentEntry } from '../../model/incident/incident.ts';
import type { IncidentStory } from './fold-incident.ts';

/**
 * Trouble that went away without anybody's doing may come back: only after this long without any
 * trigger firing is it over. Twice the longest usual alert window.
 */
const QUIET_MS = 1_800_000;

/** Who closes when nobody does. */
const ACTOR = 'lastgood';

/**
 * The entry that closes an incident by itself, if it is time: at once when a rollback was
 * committed, healed it and nothing fires any more; else after half an hour of quiet. Never while a
 * run is under way or needs an operator.
 */
export function closeByItself(story: IncidentStory, at: string): IncidentEntry | undefined {
  const { incident, quietSince, runs } = story;
  if (incident.state === 'closed' || incident.state === 'mitigating') return undefined;
  if (quietSince === undefined) return undefined;
  if (incident.state === 'verifying') {
    const run = runs.at(-1)?.run ?? '';
    return closed(at, `run ${run} healed it and no trigger fires any more`);
  }
  if (Date.parse(at) - Date.parse(quietSince) < QUIET_MS) return undefined;
  return closed(at, `no trigger has fired for ${QUIET_MS / 60_000} minutes`);
}

function closed(at: string, reason: string): IncidentEntry {
  return { kind: 'closed', at, actor: ACTOR, reason };
}
