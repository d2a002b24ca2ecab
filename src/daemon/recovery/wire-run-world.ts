import { canonicalJson } from '../../base/canonical-json.ts';
import { err, ok, unwrap, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { BlobHash, StateImage } from '../../model/checkpoint/capture.ts';
import { loadImage } from '../../model/checkpoint/image-blob.ts';
import { pauseWords, resumeWords } from '../../model/component/pause.ts';
import type { PlanContent } from '../../model/run/plan.ts';
import type { PausedWriter } from '../../model/run/run-journal.ts';
import type {
  DeadMan,
  Preflight,
  RunHand,
  RunNotice,
  RunWorld,
} from '../../model/run/run-world.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { PendingRevert } from '../../ports/provider.ts';
import type { Vault } from '../../ports/vault.ts';
import { makeSteps } from '../../recovery/plan/make-steps.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Health } from './health.ts';
import type { Inventory } from './inventory.ts';
import { takeBefore } from './take-before.ts';

/** What a run's world is made of. */
export interface RunWorldParts {
  readonly inventory: () => Inventory;
  readonly client: ProviderClient;
  readonly vault: Vault;
  readonly checkpoints: Checkpoints;
  readonly health: Health;
  readonly notify: (notice: RunNotice) => void;
}

/**
 * The world of a run by the settings that its plan carries: whatever is configured meanwhile, it
 * goes on with what it has begun. A plan of an older version carries none, and goes by what is
 * configured; settings that this version cannot read are those of nobody.
 */
export function runWorldOf(parts: RunWorldParts): (content?: PlanContent) => RunWorld {
  return (content) => {
    const settings = content?.settings;
    if (settings === undefined) return wireRunWorld(parts);
    const now = parts.inventory();
    const kept = now.keptAs(settings);
    const inventory = kept.ok ? kept.value : unwrap(now.keptAs([]));
    const health = parts.health.by(inventory);
    return wireRunWorld({ ...parts, health, inventory: () => inventory });
  };
}

/** The world as a run sees it: every mutation is a message to the host runner. */
function wireRunWorld(parts: RunWorldParts): RunWorld {
  const { inventory, client, vault, health } = parts;
  const image = (hash: BlobHash): Promise<Result<StateImage>> =>
    loadImage(hash, (blob) => vault.get(blob));
  return {
    writers: (states) => writersOf(inventory(), states),
    pause: (by, writer, seconds) => pause(parts, by, writer, seconds),
    pauseLonger: (by, { state, name }, seconds) => extend(parts, by, state, seconds, name),
    async resume(run, { state: id, name }) {
      const state = inventory().state(id);
      if (!state.ok) return state;
      const told = await client.resume(state.value, { run, writer: name });
      return told.ok ? ok(undefined) : told;
    },
    preflight: (id, desired) => preflight(parts, id, desired),
    async observe(id) {
      const state = inventory().state(id);
      if (!state.ok) return state;
      const observed = await client.observe(state.value);
      if (!observed.ok) return observed;
      const [unread] = observed.value.unreadable;
      if (unread === undefined) return image(observed.value.image);
      const detail = `${id}: ${unread.path}: ${unread.why}`;
      return err(lgError('LG_PROVIDER_UNREADABLE', detail));
    },
    image,
    planState(id, now, to, desired) {
      const state = inventory().state(id);
      if (!state.ok) return state;
      const proposed = inventory().provider(state.value).plan(state.value.spec, now, to);
      return makeSteps({ state: state.value, now, to, desired, proposed });
    },
    takeBefore: (run, states) => takeBefore(parts, run, states),
    async identify(id) {
      const state = inventory().state(id);
      return state.ok ? client.identify(state.value) : state;
    },
    async fence({ run, fence }, states) {
      for (const id of states) {
        const state = inventory().state(id);
        if (!state.ok) return state;
        const told = await client.fence(state.value, { run, runToken: fence });
        if (!told.ok) return told;
      }
      return ok(undefined);
    },
    deadMan: wireDeadMan(parts),
    async apply({ run, fence }, step, _deadlineMs, target) {
      const state = inventory().state(step.state);
      if (!state.ok) return state;
      const { desired, paths, expects } = step;
      const order = { desired, paths, expects, run, runToken: fence };
      return client.apply(state.value, target === undefined ? order : { ...order, target });
    },
    sample: (checks, _deadlineMs, ready) => health.round(checks, ready),
    reach: (probes) => health.reach(probes),
    notify: parts.notify,
  };
}

/** Timers of the targets, or of their host runners: nobody here needs to know which. */
function wireDeadMan({ inventory, client }: RunWorldParts): DeadMan {
  const hint = (kind: 'expect' | 'forgo', run: string, states: readonly string[]): void => {
    for (const id of states) {
      const state = inventory().state(id);
      // Who was not told only starts later, or ends by itself: neither may end the daemon.
      if (state.ok) void client[kind](state.value, { run }).catch(() => undefined);
    }
  };
  return {
    expect: (run, states) => hint('expect', run, states),
    forgo: (run, states) => hint('forgo', run, states),
    async arm({ run, fence }, { state: id, before, ...order }) {
      const state = inventory().state(id);
      if (!state.ok) return state;
      return client.arm(state.value, { ...order, desired: before, run, runToken: fence });
    },
    extend: (by, id, seconds) => extend({ inventory, client }, by, id, seconds),
    async disarm({ run, fence }, id) {
      const state = inventory().state(id);
      return state.ok ? client.cancel(state.value, { run, runToken: fence }) : state;
    },
    async confirm({ run, fence }, id) {
      const state = inventory().state(id);
      return state.ok ? client.confirm(state.value, { run, runToken: fence }) : state;
    },
    async pending(id) {
      const state = inventory().state(id);
      if (!state.ok) return state;
      const found = await client.pending(state.value);
      return found.ok ? ok(found.value.map(({ run = '' }) => run)) : found;
    },
  };
}

/** More time for the timer of a state, or for who is paused beside it. */
async function extend(
  { inventory, client }: Pick<RunWorldParts, 'inventory' | 'client'>,
  { run, fence }: RunHand,
  id: string,
  seconds: number,
  writer?: string,
): Promise<Result<void>> {
  const state = inventory().state(id);
  if (!state.ok) return state;
  const order = { run, runToken: fence, seconds };
  return client.extend(state.value, writer === undefined ? order : { ...order, writer });
}

/** Each once, however many of the states it writes; on the host it writes them on. */
function writersOf(inventory: Inventory, states: readonly string[]): readonly PausedWriter[] {
  const found = new Map<string, PausedWriter>();
  for (const id of states) {
    const state = inventory.state(id);
    if (!state.ok) continue;
    const host = inventory.hostOf(state.value.component) ?? null;
    for (const { name, way } of inventory.writersOf(state.value)) {
      const key = canonicalJson([host, { ...way }]);
      if (found.has(key)) continue;
      const [freeze, unfreeze] = [pauseWords(way), resumeWords(way)];
      found.set(key, { state: id, name, freeze, unfreeze });
    }
  }
  return [...found.values()];
}

async function pause(
  { inventory, client, notify }: RunWorldParts,
  { run, fence }: RunHand,
  { state: id, name }: PausedWriter,
  seconds: number,
): Promise<Result<void>> {
  const state = inventory().state(id);
  if (!state.ok) return state;
  const told = await client.pause(state.value, { run, runToken: fence, writer: name, seconds });
  if (told.ok) return told;
  const configured = inventory()
    .writersOf(state.value)
    .find((one) => one.name === name);
  if (configured?.onError !== 'continue') return told;
  const title = `Rollback ${run} goes on beside ${name}`;
  const text = `${told.error.detail}. It may write ${id} meanwhile, which then stops the run.`;
  notify({ run, urgency: 'warning', title, text, id: `${run} ${name}` });
  return ok(undefined);
}

async function preflight(
  { inventory, client }: RunWorldParts,
  id: string,
  desired: BlobHash,
): Promise<Result<Preflight>> {
  const state = inventory().state(id);
  if (!state.ok) return state;
  const [target, capabilities, observed, findings, pending] = await Promise.all([
    client.identify(state.value),
    client.capabilities(state.value),
    client.observe(state.value),
    client.validate(state.value, desired),
    client.pending(state.value),
  ]);
  if (!target.ok) return target;
  if (!capabilities.ok) return capabilities;
  if (!observed.ok) return observed;
  if (!findings.ok) return findings;
  if (!pending.ok) return pending;
  const { atomic, idempotent, confirm, restorable, notRestorableBecause } = capabilities.value;
  const refused = restorable ? [] : [notRestorableBecause ?? `${id} cannot be restored`];
  return ok({
    fingerprint: observed.value.fingerprint,
    traits: { atomic, idempotent, confirm },
    target: target.value,
    findings: [...refused, ...findings.value, ...pending.value.map(sayPending)],
  });
}

/** Beneath a timer of somebody else, what is written may be taken away at any moment. */
function sayPending({ run, seconds }: PendingRevert): string {
  const whose = run === undefined ? 'somebody else' : run;
  const when = seconds === undefined ? '' : ` and fires in ${seconds} s`;
  return `a timer of ${whose} runs on it${when}; confirm or cancel that first`;
}
