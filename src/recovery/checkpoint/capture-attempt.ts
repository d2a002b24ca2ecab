import type { Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObservedState, ProviderClient } from '../../ports/provider-client.ts';
import { sideBySide } from './side-by-side.ts';

/** What one try at capturing states found. Times are RFC 3339. */
export interface CaptureAttempt {
  readonly captured: ReadonlyMap<string, ObservedState>;
  readonly failures: ReadonlyMap<string, string>;
  /** Not the same in both rounds. */
  readonly unstable: ReadonlySet<string>;
  /** When the first capture began and the last one ended. */
  readonly capturedFrom: string;
  /** Everything that is not unstable was as captured at this instant. */
  readonly capturedTo: string;
}

/** Who captures, and by which clock. */
export interface AttemptParts {
  readonly client: Pick<ProviderClient, 'capture' | 'observe'>;
  readonly clock: Clock;
}

/** Captures states, then looks at all of them again. */
export async function attemptCapture(
  states: readonly StateSpec[],
  { client, clock }: AttemptParts,
): Promise<CaptureAttempt> {
  const failures = new Map<string, string>();
  const capturedFrom = toRfc3339(clock.now());
  const captured = await look(states, (state) => client.capture(state), failures);
  const capturedTo = toRfc3339(clock.now());
  const after = await look(states, (state) => client.observe(state), failures);
  for (const state of failures.keys()) captured.delete(state);
  const unstable = new Set<string>();
  for (const [state, { fingerprint }] of captured) {
    if (after.get(state)?.fingerprint !== fingerprint) unstable.add(state);
  }
  return { captured, failures, unstable, capturedFrom, capturedTo };
}

async function look(
  states: readonly StateSpec[],
  ask: (state: StateSpec) => Promise<Result<ObservedState>>,
  failures: Map<string, string>,
): Promise<Map<string, ObservedState>> {
  const seen = new Map<string, ObservedState>();
  await sideBySide(states, async (state) => {
    if (failures.has(state.id)) return;
    const answer = await ask(state);
    if (answer.ok) seen.set(state.id, answer.value);
    else failures.set(state.id, answer.error.message);
  });
  return seen;
}
