import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../base/canonical-json.ts';
import type { RandomBytes } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Capture } from '../../model/checkpoint/capture.ts';
import type {
  CheckpointManifest,
  CheckpointReason,
  SourceWatermark,
} from '../../model/checkpoint/checkpoint.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { verdictOf, type ProbeSample } from '../../model/health/verdict.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import { attemptCapture, type CaptureAttempt } from './capture-attempt.ts';
import { captureOrder, type CaptureOrder } from './capture-order.ts';
import { captureInOrder } from './capture-in-order.ts';
import { givingWay } from './giving-way.ts';
import { allStoodStill, freeze, type Frozen, type Thawed } from './quiesce.ts';
import { sideBySide } from './side-by-side.ts';

/** What taking a checkpoint needs. */
export interface TakeParts {
  readonly client: ProviderClient;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The inventory: who depends on whom, and of whom nothing is held. */
  readonly components: readonly Pick<Component, 'name' | 'dependsOn' | 'host'>[];
  /** `Provider.version` by kind. */
  readonly versionOf: (provider: string) => number;
  /** What belongs to a state by its settings: `scopeOf`. */
  readonly scopeOf: (state: StateSpec) => JsonObject;
  /** Makes captured contents durable. */
  readonly flush: () => Promise<Result<void>>;
  /** Health checks and triggers, asked now; who was red a moment ago is not waited for longer. */
  readonly sample: (ready?: Promise<unknown>) => Promise<readonly ProbeSample[]>;
  readonly watermarks: () => Promise<readonly SourceWatermark[]>;
  /** Asked before each look: once it is not, LG_CHECKPOINT_GAVE_WAY is all that comes of it. */
  readonly wanted?: () => boolean;
}

/** Attempts at an instant in which nothing changed. */
const ATTEMPTS_MAX = 4;
/** Pause between attempts, with as much again by chance: whoever writes regularly is dodged. */
const PAUSE_MS = 50;

/**
 * Captures states so that they belong together (stable read, level L1): capture all, then
 * fingerprint all again. What is equal in both rounds did not change between the end of the first
 * and the beginning of the second, so that instant is a true cut. Tried again as a whole when
 * something moved. What still moves is read in the order of references, each state by itself (L2),
 * where the inventory knows one; else it is marked and lowers the level to L0. A state that is only
 * compared needs no cut in common with others: that it moves is marked and costs nothing more.
 * Components with hooks are frozen around all of it; where every state stood still so, it is a
 * point in time (L3). Not before a rollback: writers are paused for the run already, a hook might
 * let one of them go on, and a broken application must not keep it from being healed.
 */
export async function takeCheckpoint(
  states: readonly StateSpec[],
  reason: CheckpointReason,
  parts: TakeParts,
): Promise<Result<CheckpointManifest>> {
  const isBefore = reason.kind === 'before-rollback';
  // Health is asked after the capture, so that it speaks of what was captured. Before a rollback
  // nothing changes meanwhile, and whoever is broken answers late: it is asked beside it.
  const captured = Promise.withResolvers<void>();
  const early = isBefore ? parts.sample(captured.promise) : undefined;
  const frozen = await freeze(isBefore ? [] : states, parts);
  if (!frozen.ok) return frozen;
  const { client, why: whyGaveWay } = givingWay(parts.client, parts.wanted ?? (() => true));
  const { caught, thawed } = await whileFrozen(frozen.value, () =>
    catchStates(states, { ...parts, client }),
  );
  const gaveWay = whyGaveWay();
  if (gaveWay !== undefined) return err(gaveWay);
  const { attempt, references } = caught;
  if (attempt.captured.size === 0) {
    const why = [...attempt.failures].map(([state, text]) => `${state}: ${text}`).join('; ');
    const detail = states.length === 0 ? 'no component has state configured' : why;
    return err(lgError('LG_CHECKPOINT_NOTHING_TO_CAPTURE', detail));
  }
  const durable = await parts.flush();
  if (!durable.ok) return durable;
  captured.resolve();
  const [captures, samples, watermarks] = await Promise.all([
    sideBySide(capturedStates(states, attempt), (state) => captureOf(state, attempt, parts)),
    early ?? parts.sample(),
    parts.watermarks(),
  ]);
  return ok({
    version: 1,
    takenAt: toRfc3339(parts.clock.now()),
    reason,
    ...levelOf(captures, caught, thawed),
    capturedFrom: attempt.capturedFrom,
    capturedTo: attempt.capturedTo,
    ...(references === undefined ? {} : { references }),
    ...(thawed.quiesced.length === 0 ? {} : { quiesced: thawed.quiesced }),
    absent: absentOf(captures, parts),
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
  { unstable }: CaptureAttempt,
  { client }: TakeParts,
): Promise<boolean> {
  for (const state of states) {
    if (!unstable.has(state.id)) continue;
    const capabilities = await client.capabilities(state);
    if (!capabilities.ok || capabilities.value.comparesOnly !== true) return true;
  }
  return false;
}

/** An attempt, and whom it read before whom where no common instant was to be had. */
interface Caught {
  readonly attempt: CaptureAttempt;
  readonly references?: CaptureOrder['references'];
}

async function catchStates(states: readonly StateSpec[], parts: TakeParts): Promise<Caught> {
  let attempt = await attemptCapture(states, parts);
  let torn = await isTorn(states, attempt, parts);
  for (let tries = 1; torn && tries < ATTEMPTS_MAX; tries += 1) {
    await delay(PAUSE_MS + ((parts.random(1)[0] ?? 0) / 256) * PAUSE_MS);
    attempt = await attemptCapture(states, parts);
    torn = await isTorn(states, attempt, parts);
  }
  const order = torn ? captureOrder(states, parts.components) : undefined;
  if (order === undefined) return { attempt };
  const inOrder = await captureInOrder(order.states, parts);
  if (await isTorn(states, inOrder, parts)) return { attempt };
  return { attempt: inOrder, references: order.references };
}

async function whileFrozen(
  frozen: Frozen,
  work: () => Promise<Caught>,
): Promise<{ readonly caught: Caught; readonly thawed: Thawed }> {
  let thawed: Thawed | undefined;
  try {
    const caught = await work();
    thawed = await frozen.thaw();
    return { caught, thawed };
  } finally {
    if (thawed === undefined) await frozen.thaw();
  }
}

/** The level with the instants it speaks of. */
function levelOf(
  captures: readonly Capture[],
  { attempt, references }: Caught,
  thawed: Thawed,
): Pick<CheckpointManifest, 'consistency' | 'stableFrom' | 'stableTo'> {
  const at = { stableFrom: attempt.capturedTo, stableTo: attempt.capturedTo };
  if (references !== undefined) return { ...at, consistency: 'L2' };
  const restorable = captures.filter(({ compareOnly }) => !compareOnly);
  if (restorable.some(({ unstable }) => unstable)) return { ...at, consistency: 'L0' };
  const names = restorable.map(({ component }) => component);
  if (!allStoodStill(names, thawed)) return { ...at, consistency: 'L1' };
  return { stableFrom: thawed.from, stableTo: thawed.to, consistency: 'L3' };
}

/** Components of the inventory of which nothing was captured. */
function absentOf(captures: readonly Capture[], { components }: TakeParts): readonly string[] {
  const held = new Set(captures.map(({ component }) => component));
  return components.map(({ name }) => name).filter((name) => !held.has(name));
}

function capturedStates(
  states: readonly StateSpec[],
  attempt: CaptureAttempt,
): readonly StateSpec[] {
  return states.filter((state) => attempt.captured.has(state.id));
}

async function captureOf(
  state: StateSpec,
  attempt: CaptureAttempt,
  parts: TakeParts,
): Promise<Capture> {
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
    scope: parts.scopeOf(state),
    ...(observed.drift === undefined ? {} : { drift: observed.drift }),
  };
}
