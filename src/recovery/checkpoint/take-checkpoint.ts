import { setTimeout as delay } from 'node:timers/promises';
import type { RandomBytes } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Capture } from '../../model/checkpoint/capture.ts';
import type {
  CheckpointManifest,
  CheckpointReason,
  SourceWatermark,
} from '../../model/checkpoint/checkpoint.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { verdictOf, type ProbeSample } from '../../model/health/verdict.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObservedState, ProviderClient } from '../../ports/provider.ts';
import { sideBySide } from './side-by-side.ts';

/** What taking a checkpoint needs. */
export interface TakeParts {
  readonly client: ProviderClient;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** `Provider.version` by kind. */
  readonly versionOf: (provider: string) => number;
  /** Makes captured contents durable. */
  readonly flush: () => Promise<Result<void>>;
  /** Health checks and triggers, asked now. */
  readonly sample: () => Promise<readonly ProbeSample[]>;
  readonly watermarks: () => Promise<readonly SourceWatermark[]>;
}

/** Attempts at an instant in which nothing changed. */
const ATTEMPTS_MAX = 4;
/** Pause between attempts, with as much again by chance: whoever writes regularly is dodged. */
const PAUSE_MS = 50;

interface Attempt {
  readonly captured: ReadonlyMap<string, ObservedState>;
  readonly failures: ReadonlyMap<string, string>;
  readonly unstable: ReadonlySet<string>;
  /** Everything that is not unstable was as captured at this instant. */
  readonly stableAt: string;
}

/**
 * Captures states so that they belong together (stable read, level L1): capture all, then
 * fingerprint all again. What is equal in both rounds did not change between the end of the first
 * and the beginning of the second, so that instant is a true cut. Tried again as a whole when
 * something moved; what still moves is marked and lowers the level to L0. A state that is only
 * compared needs no cut in common with others: that it moves is marked and costs nothing more.
 */
export async function takeCheckpoint(
  states: readonly StateSpec[],
  reason: CheckpointReason,
  parts: TakeParts,
): Promise<Result<CheckpointManifest>> {
  let attempt = await attemptOnce(states, parts);
  for (let tries = 1; tries < ATTEMPTS_MAX; tries += 1) {
    if (!(await isTorn(states, attempt, parts))) break;
    await delay(PAUSE_MS + ((parts.random(1)[0] ?? 0) / 256) * PAUSE_MS);
    attempt = await attemptOnce(states, parts);
  }
  if (attempt.captured.size === 0) {
    const why = [...attempt.failures].map(([state, text]) => `${state}: ${text}`).join('; ');
    const detail = states.length === 0 ? 'no component has state configured' : why;
    return err(lgError('LG_CHECKPOINT_NOTHING_TO_CAPTURE', detail));
  }
  const durable = await parts.flush();
  if (!durable.ok) return durable;
  const [captures, samples, watermarks] = await Promise.all([
    sideBySide(capturedStates(states, attempt), (state) => captureOf(state, attempt, parts)),
    parts.sample(),
    parts.watermarks(),
  ]);
  return ok({
    version: 1,
    takenAt: toRfc3339(parts.clock.now()),
    reason,
    stableFrom: attempt.stableAt,
    stableTo: attempt.stableAt,
    consistency: captures.some((one) => one.unstable && !one.compareOnly) ? 'L0' : 'L1',
    captures,
    failures: [...attempt.failures].map(([state, why]) => ({ state, why })),
    verdict: verdictOf(samples),
    samples,
    watermarks,
  });
}

/** Whether a state that could be restored did not stand still. */
async function isTorn(
  states: readonly StateSpec[],
  { unstable }: Attempt,
  { client }: TakeParts,
): Promise<boolean> {
  for (const state of states) {
    if (!unstable.has(state.id)) continue;
    const capabilities = await client.capabilities(state);
    if (!capabilities.ok || capabilities.value.comparesOnly !== true) return true;
  }
  return false;
}

function capturedStates(states: readonly StateSpec[], attempt: Attempt): readonly StateSpec[] {
  return states.filter((state) => attempt.captured.has(state.id));
}

async function attemptOnce(states: readonly StateSpec[], parts: TakeParts): Promise<Attempt> {
  const { client, clock } = parts;
  const failures = new Map<string, string>();
  const captured = await look(states, (state) => client.capture(state), failures);
  const stableAt = toRfc3339(clock.now());
  const after = await look(states, (state) => client.observe(state), failures);
  for (const state of failures.keys()) captured.delete(state);
  const unstable = new Set<string>();
  for (const [state, { fingerprint }] of captured) {
    if (after.get(state)?.fingerprint !== fingerprint) unstable.add(state);
  }
  return { captured, failures, unstable, stableAt };
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

async function captureOf(state: StateSpec, attempt: Attempt, parts: TakeParts): Promise<Capture> {
  const observed = attempt.captured.get(state.id);
  if (observed === undefined) throw new Error(`broken invariant: ${state.id} was not captured`);
  const capabilities = await parts.client.capabilities(state);
  const unread = observed.unreadable.map(({ path, why }) => `${path}: ${why}`);
  return {
    state: state.id,
    component: state.component,
    provider: state.provider,
    providerVersion: parts.versionOf(state.provider),
    fingerprint: observed.fingerprint,
    image: observed.image,
    items: observed.items,
    bytes: observed.bytes,
    unstable: attempt.unstable.has(state.id),
    compareOnly: !capabilities.ok || !capabilities.value.restorable,
    coverage: {
      included: observed.coverage.included,
      excluded: [...observed.coverage.excluded, ...unread],
    },
    ...(observed.drift === undefined ? {} : { drift: observed.drift }),
  };
}
