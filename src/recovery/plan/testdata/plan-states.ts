import { canonicalJson } from '../../../base/canonical-json.ts';
import { sha256 } from '../../../base/hash.ts';
import {
  fingerprintOf,
  stateImage,
  type Capture,
  type StateImage,
} from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import { isBlobHash } from '../../../model/checkpoint/image-blob.ts';
import type { PlanInput, PlanState } from '../plan-input.ts';

/** Paths with their text. */
export type Items = Readonly<Record<string, string>>;

/** The image of some items. */
export function image(items: Items): StateImage {
  return stateImage(Object.entries(items).map(([path, text]) => ({ path, attributes: { text } })));
}

/** Every path that differs, each a step of its own: the plainest provider there can be. */
function paths(from: StateImage, to: StateImage): readonly string[] {
  const text = (of: StateImage, path: string): string =>
    canonicalJson(of.items.find((item) => item.path === path) ?? null);
  const all = new Set([...from.items, ...to.items].map(({ path }) => path));
  return [...all].toSorted().filter((path) => text(from, path) !== text(to, path));
}

/** A state that is one thing now and another in the target. */
export function state(
  id: string,
  now: Items,
  wanted: Items,
  more: Partial<PlanState> = {},
): PlanState {
  const [component = '', provider = ''] = id.split('/');
  const to = image(wanted);
  const [hash] = [sha256(canonicalJson(to))].filter(isBlobHash);
  if (hash === undefined) throw new Error('a hash is a hash');
  const capture: Capture = {
    state: id,
    component,
    provider,
    providerVersion: 1,
    fingerprint: fingerprintOf(to),
    image: hash,
    items: to.items.length,
    bytes: 0,
    unstable: false,
    compareOnly: false,
    coverage: { included: [], excluded: [] },
  };
  return {
    state: { id, component, provider },
    capture,
    wanted: to,
    now: image(now),
    capabilities: { restorable: true, dataBearing: false, disruption: 'none' },
    carriesTraffic: false,
    diff: (from, into) => paths(from, into).map((path) => change(id, component, path)),
    plan: (from, into) =>
      paths(from, into).map((path) => ({
        paths: [path],
        commands: [`write ${path}`],
        disruption: 'none',
      })),
    related: [],
    writers: [],
    ...more,
  };
}

/** A change that can be undone. */
export function change(id: string, component: string, path: string): Change {
  const how = { secret: false, reversible: 'yes', disruption: 'none' } as const;
  return { state: id, component, path, op: 'update', ...how };
}

const TARGET: PlanInput['target'] = JSON.parse(
  '{"id":"cp_1","status":"good","takenAt":"2026-01-01T00:00:00Z"}',
);

/** What a plan of these states is made from. */
export function input(states: readonly PlanState[], more: Partial<PlanInput> = {}): PlanInput {
  return {
    target: TARGET,
    direction: 'restore',
    states,
    left: [],
    components: [],
    gate: { samples: 3, intervalMs: 2_000 },
    confirmTimeoutMs: 600_000,
    batches: { canary: 1, size: 'all', soakMs: 10_000, jitterMs: 2_000 },
    onSilence: 'keep-if-healed',
    guards: states.map((one) => ({ check: `${one.state.id} up`, component: one.state.component })),
    ...more,
  };
}
