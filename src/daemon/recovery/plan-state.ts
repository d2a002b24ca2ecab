import { err, ok, type Result } from '../../base/result.ts';
import type { Capture, StateImage } from '../../model/checkpoint/capture.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { Vault } from '../../ports/vault.ts';
import { findCertificates } from '../../recovery/checkpoint/find-certificates.ts';
import type { PlanState } from '../../recovery/plan/plan-input.ts';
import type { Inventory } from './inventory.ts';
import { stateAsCaptured } from './state-as-captured.ts';
import { historyOf } from './plan-evidence.ts';

/** What looking at a state for a plan needs. */
export interface PlanStateParts {
  readonly inventory: () => Inventory;
  readonly client: ProviderClient;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Every checkpoint, newest first: what is known of a state's past. */
  readonly checkpoints: () => readonly CheckpointView[];
}

/** A state as a target has it and as it is now, read from its host and the vault. */
export async function planStateOf(
  parts: PlanStateParts,
  capture: Capture,
  target: CheckpointView,
): Promise<Result<PlanState & { readonly state: StateSpec }>> {
  const { client, clock, vault } = parts;
  const inventory = parts.inventory();
  const captured = stateAsCaptured(inventory, capture);
  if (!captured.ok) return captured;
  const { state, uncovered } = captured.value;
  const provider = inventory.provider(state);
  const identity = await client.identify(state);
  if (!identity.ok) return identity;
  const capabilities = await client.capabilities(state);
  if (!capabilities.ok) return capabilities;
  const wanted = await imageOf(parts, capture.image);
  if (!wanted.ok) return wanted;
  const observed = await client.observe(state);
  if (!observed.ok) return observed;
  const [unread] = observed.value.unreadable;
  // What is only compared is told as far as it could be read, and never written.
  if (unread !== undefined && capabilities.value.restorable) {
    return err(lgError('LG_PROVIDER_UNREADABLE', `${unread.path}: ${unread.why}`));
  }
  const now = await imageOf(parts, observed.value.image);
  if (!now.ok) return now;
  const { spec } = state;
  // A target with a timer of its own is a device, wherever whoever speaks to it runs.
  const isHere = inventory.hostOf(state.component) === undefined && provider.timer === undefined;
  const get = vault.get.bind(vault);
  const certificates = await findCertificates(now.value, wanted.value, clock.now(), get);
  const together = inventory.groupOf(capture.state)?.states ?? [];
  return ok({
    state,
    ...(uncovered.length === 0 ? {} : { uncovered }),
    capture,
    wanted: wanted.value,
    now: now.value,
    target: identity.value,
    capabilities: capabilities.value,
    history: historyOf(capture.state, target, parts.checkpoints()),
    certificates: certificates.stale,
    publicPaths: certificates.publicPaths,
    carriesTraffic: provider.carriesTraffic || inventory.carriesTraffic(state.component),
    ...(isHere ? { isHere } : {}),
    diff: (from, to) => provider.diff(state, from, to),
    plan: (from, to) => provider.plan(spec, from, to),
    related: together.filter((id) => id !== capture.state),
    writers: inventory.writersOf(state).map(({ name }) => name),
  });
}

function imageOf({ vault }: PlanStateParts, hash: Capture['image']): Promise<Result<StateImage>> {
  return loadImage(hash, (blob) => vault.get(blob));
}
