import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { fingerprintOf, type BlobHash, type StateImage } from '../../model/checkpoint/capture.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import { isMixOf } from '../../model/checkpoint/image-mix.ts';
import { whyOtherTarget } from '../../model/component/target-identity.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Provider, ProviderIo } from '../../ports/provider.ts';
import { deadManToken, type Fence } from '../fence.ts';
import type { StateLocks } from '../state-lock.ts';
import type { GuardedState, Outcome } from './run-folder.ts';

/** What putting back needs. */
export interface PutBackParts {
  readonly provider: (guarded: GuardedState) => Result<Provider<unknown>>;
  readonly io: (guarded: GuardedState) => ProviderIo;
  readonly locks: StateLocks;
  readonly fence: Fence;
  /** Ends what processes that are gone left at work. */
  readonly endLeftovers: () => Promise<void>;
  readonly log: Log;
  readonly pause: (ms: number) => Promise<void>;
}

/** Passing trouble passes in seconds; the last of these pauses is a minute and a half. */
const FAILURES_MAX = 8;
const PAUSE_MS = 700;

/** A state has as many steps as its provider groups its items into; more rounds are a loop. */
const ROUNDS_MAX = 1_000;

/**
 * Brings a state back to P: holds its lock, passes the fence, and goes the provider's own way from
 * what it finds, one step after the other, reading in between. What is neither P nor T nor a mix of
 * both is somebody else's work and is left alone. Never throws.
 */
export async function putBack(
  guarded: GuardedState,
  token: number,
  parts: PutBackParts,
): Promise<Outcome> {
  const { locks, fence, log } = parts;
  const { id } = guarded.state;
  let outcome: Outcome = 'unknown';
  for (let failures = 0; failures < FAILURES_MAX; failures += 1) {
    if (failures > 0) await parts.pause(PAUSE_MS * 2 ** failures);
    try {
      // Whoever is at work with a newer token ends by himself; nobody holds it for ever.
      const lock = await locks.take(id, new AbortController().signal);
      if (!lock.ok) throw lock.error;
      try {
        await parts.endLeftovers();
        const passed = await fence.pass(id, deadManToken(token));
        if (!passed.ok) return 'superseded';
        outcome = await goBack(guarded, parts);
        if (outcome !== 'unknown') return outcome;
      } finally {
        lock.value.release();
      }
    } catch (thrown) {
      log.warn('DeadManPutBackError', { state: id, why: messageOf(thrown) });
    }
  }
  return outcome;
}

async function goBack(guarded: GuardedState, parts: PutBackParts): Promise<Outcome> {
  const found = parts.provider(guarded);
  if (!found.ok) throw found.error;
  const provider = found.value;
  const io = parts.io(guarded);
  const parsed = await provider.specSchema['~standard'].validate(guarded.state.spec);
  if (parsed.issues !== undefined) throw new Error('its settings do not fit');
  const spec = parsed.value;
  const images = await imagesOf(guarded, io);
  if (!images.ok) throw images.error;
  const { before, wanted } = images.value;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const now = await look(provider, spec, guarded, io);
    const expects = fingerprintOf(now);
    if (expects === fingerprintOf(before)) return 'before';
    if (!isMixOf(now, before, wanted, [])) return 'foreign';
    const [step] = provider.plan(spec, now, before);
    if (step === undefined) return 'unknown';
    const task = { desired: before, paths: step.paths, expects };
    const applied = await provider.apply(spec, task, io);
    if (!applied.ok) throw applied.error;
    if (applied.value.kind !== 'done') throw new Error(applied.value.why);
  }
  return 'unknown';
}

/** Who it is, and how it is: nothing is put back on another host, or half-read. */
async function look(
  provider: Provider<unknown>,
  spec: unknown,
  { state, target }: GuardedState,
  io: ProviderIo,
): Promise<StateImage> {
  const identity = await provider.identify(spec, io);
  if (!identity.ok) throw identity.error;
  const other = target === undefined ? undefined : whyOtherTarget(target, identity.value);
  if (other !== undefined) throw lgError('LG_PROVIDER_TARGET_CHANGED', `${state.id}: ${other}`);
  const observed = await provider.observe(spec, io);
  if (!observed.ok) throw observed.error;
  const [unread] = observed.value.unreadable;
  if (unread === undefined) return observed.value.image;
  throw lgError('LG_PROVIDER_UNREADABLE', `${state.id}: ${unread.path}: ${unread.why}`);
}

async function imagesOf(
  guarded: GuardedState,
  io: ProviderIo,
): Promise<Result<{ readonly before: StateImage; readonly wanted: StateImage }>> {
  const get = (hash: BlobHash): Promise<Result<Uint8Array>> => io.getBlob(hash);
  const before = await loadImage(guarded.before, get);
  if (!before.ok) return err(before.error);
  const wanted = await loadImage(guarded.wanted, get);
  if (!wanted.ok) return err(wanted.error);
  return ok({ before: before.value, wanted: wanted.value });
}
