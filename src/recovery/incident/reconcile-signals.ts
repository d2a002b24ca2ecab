import type { IncidentEntry } from '../../model/incident/incident.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import type { IncidentStory } from './fold-incident.ts';

/**
 * Clears what an incident believes to fire though it does not: the counters forget when their
 * process restarts, and then tell no clearing. Only a trigger that sees data and is quiet clears;
 * `no-data` proves nothing. To be asked when the evidence process came back, after the longest
 * window has passed. Idempotent.
 */
export function reconcileSignals(
  { incident }: IncidentStory,
  states: readonly TriggerState[],
  at: string,
): readonly IncidentEntry[] {
  if (incident.state === 'closed') return [];
  return incident.signals.flatMap((signal): readonly IncidentEntry[] => {
    if (signal.phase !== 'raised') return [];
    const state = states.find(
      (one) => one.name === signal.trigger && one.component === signal.component,
    );
    if (state?.state !== 'quiet') return [];
    const reason = `found quiet when the evidence process was back: ${state.explanation}`;
    const value = state.value ?? 0;
    return [
      {
        kind: 'signal',
        at,
        signal: { ...signal, id: `${signal.id}_quiet`, phase: 'cleared', at, value, reason },
      },
    ];
  });
}
