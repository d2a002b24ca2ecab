import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { BlobHash, Capture, StateImage } from '../../model/checkpoint/capture.ts';
import { scopeOf } from '../../model/checkpoint/capture-scope.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import {
  isCompareOnly,
  type CheckpointReason,
  type CheckpointView,
} from '../../model/checkpoint/checkpoint.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import type { Vault } from '../../ports/vault.ts';
import type { Catalogue } from '../../recovery/checkpoint/catalogue.ts';
import { withChangeTexts } from '../../recovery/checkpoint/change-text.ts';
import { readBack } from '../../recovery/checkpoint/read-back.ts';
import { isFrozenFor } from '../../recovery/checkpoint/quiesce.ts';
import { takeCheckpoint, type TakeParts } from '../../recovery/checkpoint/take-checkpoint.ts';
import type { News } from '../news.ts';
import { CheckpointTurns } from './checkpoint-turns.ts';
import type { Health } from './health.ts';
import type { Inventory } from './inventory.ts';
import { stateAsCaptured } from './state-as-captured.ts';

/** What taking and comparing checkpoints needs. */
export interface CheckpointParts extends Omit<
  TakeParts,
  'sample' | 'flush' | 'versionOf' | 'scopeOf' | 'components' | 'wanted'
> {
  readonly catalogue: Catalogue;
  readonly vault: Vault;
  readonly inventory: () => Inventory;
  readonly health: Health;
  readonly news: News;
  readonly log: Log;
}

/** What differs between a checkpoint and now, or another one. */
export interface Difference {
  readonly changes: readonly Change[];
  /** States that could not be compared, and why. */
  readonly notCompared: readonly { readonly state: string; readonly why: string }[];
  /** Components whose state was really compared. */
  readonly components: readonly string[];
}

/** Hashes of blobs that were read back; forgotten as a whole when it grows beyond this. */
const VERIFIED_MAX = 200_000;

/** Takes, shows and compares checkpoints. */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #verified = new Set<BlobHash>();
  readonly #turns = new CheckpointTurns();

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
  }

  get catalogue(): Catalogue {
    return this.#parts.catalogue;
  }

  /**
   * Takes one of all components or of those named, with whatever travels with them; given up once
   * it is not `wanted` any more.
   */
  take(
    reason: CheckpointReason,
    components?: readonly string[],
    wanted?: () => boolean,
  ): Promise<Result<CheckpointView>> {
    const { inventory } = this.#parts;
    const known = inventory().requireKnown(components);
    if (!known.ok) return Promise.resolve(known);
    return this.#take(inventory().statesTogether(components), reason, wanted);
  }

  /** Takes one of exactly these states, by the settings that they come with. */
  takeStates(
    states: readonly StateSpec[],
    reason: CheckpointReason,
  ): Promise<Result<CheckpointView>> {
    return this.#take(states, reason);
  }

  /** Whether one is being taken, or something else has its turn. */
  get isBusy(): boolean {
    return this.#turns.isBusy;
  }

  /** Answers when those that are being taken now, or wait, have ended. */
  ended(): Promise<void> {
    return this.#turns.ended();
  }

  /** Keeps blobs from being freed until the answer is called; who frees them now is waited for. */
  keepBlobs(): Promise<() => void> {
    return this.#turns.keepBlobs();
  }

  /** Frees blobs by `free`, when nobody keeps them; older readings back prove nothing then. */
  async prune(free: () => Promise<Result<number>>): Promise<Result<number>> {
    const freed = await this.#turns.free(() => {
      this.#verified.clear();
      return free();
    });
    return freed ?? ok(0);
  }

  /** Compares a checkpoint with another one, or with the present state. */
  async compare(
    from: CheckpointView,
    to: CheckpointView | 'now',
    components?: readonly string[],
  ): Promise<Difference> {
    const changes: Change[] = [];
    const notCompared: { state: string; why: string }[] = [];
    const compared = new Set<string>();
    for (const capture of from.manifest.captures) {
      if (components?.includes(capture.component) === false) continue;
      const state = this.#comparable(capture, to);
      const before = await this.#image(capture.image);
      const after = state.ok ? await this.#imageOf(state.value, to) : state;
      if (!state.ok || !before.ok || !after.ok) {
        const failed = [state, before, after].find((result) => !result.ok);
        notCompared.push({
          state: capture.state,
          why: failed?.ok === false ? failed.error.message : '',
        });
        continue;
      }
      compared.add(capture.component);
      const provider = this.#parts.inventory().provider(state.value);
      const found = provider.diff(state.value, before.value, after.value);
      const { vault } = this.#parts;
      changes.push(...(await withChangeTexts(found, before.value, after.value, vault)));
    }
    return { changes, notCompared, components: [...compared] };
  }

  /** The present fingerprint of the named states, or of all, where it can be read. */
  async fingerprints(names?: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { client, inventory } = this.#parts;
    const known: Record<string, string> = {};
    for (const state of inventory().states) {
      if (names?.includes(state.id) === false) continue;
      const observed = await client.observe(state);
      if (observed.ok) known[state.id] = observed.value.fingerprint;
    }
    return known;
  }

  #take(
    states: readonly StateSpec[],
    reason: CheckpointReason,
    wanted?: () => boolean,
  ): Promise<Result<CheckpointView>> {
    const take = (): Promise<Result<CheckpointView>> => this.#takeNow(states, reason, wanted);
    if (reason.kind === 'before-rollback') return this.#turns.takeNow(take);
    return this.#turns.take(take, states.some(isFrozenFor));
  }

  async #takeNow(
    states: readonly StateSpec[],
    reason: CheckpointReason,
    wanted: (() => boolean) | undefined,
  ): Promise<Result<CheckpointView>> {
    const { catalogue, vault, health, inventory, clock, log, news } = this.#parts;
    const components = [...new Set(states.map(({ component }) => component))];
    const manifest = await takeCheckpoint(states, reason, {
      ...this.#parts,
      ...(wanted === undefined ? {} : { wanted }),
      flush: () => vault.flush(),
      components: inventory().components,
      sample: (ready) => health.sample(components, ready),
      scopeOf: (state) => scopeOf(state.spec, inventory().provider(state).scope),
      versionOf: (kind) => {
        const state = states.find(({ provider }) => provider === kind);
        return state === undefined ? 0 : inventory().provider(state).version;
      },
    });
    if (!manifest.ok) return manifest;
    const sealed = await catalogue.seal(manifest.value);
    if (!sealed.ok) return sealed;
    if (this.#verified.size > VERIFIED_MAX) this.#verified.clear();
    // P is what a failed rollback goes back to: all of it is read, whatever was sound before.
    const isBefore = reason.kind === 'before-rollback';
    const sound = isBefore ? new Set<BlobHash>() : this.#verified;
    const back = await readBack(manifest.value, vault, sound);
    const isSound = back.problems.length === 0;
    const why = isSound ? `${back.blobs} new blobs read back` : back.problems.join('; ');
    const at = toRfc3339(clock.now());
    const added = await catalogue.add(sealed.value, [
      { kind: 'read-back', at, ok: isSound, why },
      ...catalogue.accusations(manifest.value, at),
    ]);
    if (!added.ok) return added;
    const view = catalogue.view(sealed.value);
    if (view.ok) news.tell({ kind: 'checkpoint', at, id: sealed.value, status: view.value.status });
    log.info('CheckpointSealed', { checkpoint: sealed.value, reason: reason.kind });
    return view;
  }

  /**
   * Like the inventory's, but its error is read beside the state's name. What only belongs to it
   * since it was captured is no difference: nobody knows how it was.
   */
  #comparable(capture: Capture, to: CheckpointView | 'now'): Result<StateSpec> {
    const inventory = this.#parts.inventory();
    const captured = to === 'now' ? stateAsCaptured(inventory, capture) : undefined;
    if (captured?.ok === true) return ok(captured.value.state);
    const state = inventory.state(capture.state);
    if (state.ok) return state;
    return err(lgError('LG_PROVIDER_UNKNOWN', 'it is not in the configuration any more'));
  }

  async #imageOf(state: StateSpec, at: CheckpointView | 'now'): Promise<Result<StateImage>> {
    if (at === 'now') {
      // Captured rather than observed: differences are shown with the content of both sides.
      const captured = await this.#parts.client.capture(state);
      return captured.ok ? this.#image(captured.value.image) : captured;
    }
    const capture = at.manifest.captures.find((one) => one.state === state.id);
    if (capture !== undefined) return this.#image(capture.image);
    return err(lgError('LG_CHECKPOINT_UNKNOWN', `${at.id} does not hold it`));
  }

  #image(hash: BlobHash): Promise<Result<StateImage>> {
    return loadImage(hash, (blob) => this.#parts.vault.get(blob));
  }
}

/** Refuses a checkpoint whose status forbids what is asked. */
export function requireUsable(view: CheckpointView): Result<void> {
  if (isCompareOnly(view.manifest)) {
    const states = view.manifest.captures.map(({ state }) => state).join(', ');
    return err(lgError('LG_ROLLBACK_COMPARE_ONLY', `${view.id} holds ${states}`));
  }
  if (view.status !== 'unrestorable' && view.status !== 'captured') return ok(undefined);
  return err(
    lgError('LG_ROLLBACK_IMPOSSIBLE', `${view.id} is ${view.status}: ${view.statusReason}`),
  );
}
