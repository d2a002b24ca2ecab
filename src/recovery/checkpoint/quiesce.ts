import { sortableId, type RandomBytes } from '../../base/id.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339, toUnixMs } from '../../base/time.ts';
import type { Quiesced } from '../../model/checkpoint/checkpoint.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';
import { FREEZE_PREFIX, type Quiesce } from '../../model/component/pause.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';

/** What freezing needs. */
export interface QuiesceParts {
  readonly client: Pick<ProviderClient, 'pause' | 'resume'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Where they run: components of one host with the same hooks are frozen once. */
  readonly components: readonly Pick<Component, 'name' | 'host'>[];
}

/** Components that stand still. */
export interface Frozen {
  /** Lets all go on, the last first, and tells how it went. */
  thaw(): Promise<Thawed>;
}

/** How a freeze went. */
export interface Thawed {
  readonly quiesced: readonly Quiesced[];
  /** Between these everybody in `quiesced` without a problem stood still. RFC 3339. */
  readonly from: string;
  readonly to: string;
}

interface Hook {
  readonly state: StateSpec;
  readonly quiesce: Quiesce;
  /** All that stand still by it. */
  readonly components: string[];
  frozenMs: number;
  problem?: string;
}

/**
 * Freezes the components of these states, those that have hooks, all of them before the first is
 * captured, so that what belongs together is captured under one pair. The host runner knows the way
 * back, and a process apart watches over it, before each is told; see `ProviderClient.pause`.
 * Fails, and leaves nobody frozen, when one cannot be that has to.
 */
export async function freeze(
  states: readonly StateSpec[],
  parts: QuiesceParts,
): Promise<Result<Frozen>> {
  const { client, clock, random } = parts;
  const run = sortableId(FREEZE_PREFIX, toUnixMs(clock.now()), random);
  const begun: Hook[] = [];
  for (const hook of hooksOf(states, parts)) {
    begun.push(hook);
    const { name, limitMs, onError } = hook.quiesce;
    const seconds = Math.ceil(limitMs / 1000);
    const told = await client.pause(hook.state, { run, writer: name, seconds });
    // Before this its dead-man was started, which takes longer than the freeze itself.
    hook.frozenMs = clock.uptimeMs();
    if (told.ok) continue;
    hook.problem = unnamed(name, told.error.detail);
    if (onError === 'continue') continue;
    await thawAll(begun, run, parts);
    return err(told.error);
  }
  const from = toRfc3339(clock.now());
  return ok({
    async thaw() {
      const to = toRfc3339(clock.now());
      return { quiesced: await thawAll(begun, run, parts), from, to };
    },
  });
}

/** Who is told beside the component need not be named once more. */
function unnamed(name: string, detail: string): string {
  return detail.startsWith(`${name}: `) ? detail.slice(name.length + 2) : detail;
}

/** Whether all of these components stood still from beginning to end. */
export function allStoodStill(components: readonly string[], { quiesced }: Thawed): boolean {
  const still = new Set(
    quiesced.flatMap(({ component, problem }) => (problem === undefined ? [component] : [])),
  );
  return components.length > 0 && components.every((name) => still.has(name));
}

/** Whether somebody is frozen while this state is captured. */
export const isFrozenFor = ({ quiesce }: StateSpec): boolean => quiesce !== undefined;

function hooksOf(states: readonly StateSpec[], { components }: QuiesceParts): readonly Hook[] {
  const hooks = new Map<string, Hook>();
  for (const state of states) {
    const { quiesce, component } = state;
    if (quiesce === undefined) continue;
    const host = components.find(({ name }) => name === component)?.host ?? null;
    const key = canonicalJson([host, { ...quiesce.way }]);
    const known = hooks.get(key);
    if (known === undefined) {
      hooks.set(key, { state, quiesce, components: [component], frozenMs: 0 });
    } else if (!known.components.includes(component)) {
      known.components.push(component);
    }
  }
  return [...hooks.values()];
}

async function thawAll(
  hooks: readonly Hook[],
  run: string,
  { client, clock }: QuiesceParts,
): Promise<readonly Quiesced[]> {
  const quiesced: Quiesced[] = [];
  for (const { state, quiesce, components, frozenMs, problem } of hooks.toReversed()) {
    const told = await client.resume(state, { run, writer: quiesce.name });
    const ms = clock.uptimeMs() - frozenMs;
    const why = problem ?? whyNotHeld(told, ms, quiesce);
    for (const component of components) {
      quiesced.push({ component, ms, ...(why === undefined ? {} : { problem: why }) });
    }
  }
  return quiesced.toSorted((a, b) => (a.component < b.component ? -1 : 1));
}

/** By our own clock, too: a host runner that was restarted meanwhile may not know any more. */
function whyNotHeld(
  told: Awaited<ReturnType<ProviderClient['resume']>>,
  ms: number,
  { limitMs }: Quiesce,
): string | undefined {
  if (!told.ok)
    return `it was not let go on, and is tried again at its limit: ${told.error.detail}`;
  if (told.value === 'resumed' && ms <= limitMs) return undefined;
  return `its limit of ${limitMs / 1000} s was up before it was captured`;
}
