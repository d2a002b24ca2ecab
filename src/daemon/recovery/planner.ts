import type { RandomBytes } from '../../base/id.ts';
import { ok, type Result } from '../../base/result.ts';
import { addMs } from '../../base/time.ts';
import type { Capture } from '../../model/checkpoint/capture.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { GuardName, OnSilence, Plan, TargetChoice } from '../../model/run/plan.ts';
import type { RunView } from '../../model/run/run.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';
import { makePlan } from '../../recovery/plan/make-plan.ts';
import type { BatchSettings, PlanInput, PlanState } from '../../recovery/plan/plan-input.ts';
import { withSettings } from '../../recovery/plan/with-settings.ts';
import { findNotHealed } from '../../recovery/rollback/find-not-healed.ts';
import { requireUsable } from './checkpoints.ts';
import { triggerCheck, type Health } from './health.ts';
import type { Inventory } from './inventory.ts';
import { namedPlan } from './named-plan.ts';
import { effectsSince, type EffectsParts } from './plan-evidence.ts';
import { planStateOf, type PlanStateParts } from './plan-state.ts';

/** What planning needs. */
export interface PlannerParts extends PlanStateParts {
  readonly health: Health;
  readonly random: RandomBytes;
  readonly effects: EffectsParts['query'];
  /** Other names of the components. */
  readonly aliases: () => Iterable<string>;
  readonly settings: () => {
    readonly gate: { readonly samples: number; readonly intervalMs: number };
    readonly confirmTimeoutMs?: number;
    readonly onSilence: OnSilence;
    readonly batches: BatchSettings;
    readonly coolDownMs: number;
  };
  /** Runs that have been of late, newest first. */
  readonly runs: () => Promise<Result<readonly RunView[]>>;
  /** How long runs of these components took to change and to check; undefined: there were none. */
  readonly took: (components: readonly string[]) => Promise<number | undefined>;
}

/** Who wants to go back where, and why. */
export interface PlanWish {
  readonly target: CheckpointView;
  /** Why it is the target, and what came second. */
  readonly choice?: TargetChoice;
  readonly components?: readonly string[] | undefined;
  readonly incident?: Incident | undefined;
  readonly requestedBy: string;
  readonly reason: string;
  /** The run that is undone. */
  readonly undoOf?: RunView | undefined;
  /** Checks that were red before that run. */
  readonly redBefore?: readonly GuardName[] | undefined;
  /** What that run went by; absent: what is configured. */
  readonly settings?: readonly Component[] | undefined;
}

/**
 * What no plan is made beside: leaving a state out because its host is away would bring half of a
 * set back, unasked. Whoever wants that names the other components.
 */
const REFUSED: ReadonlySet<string> = new Set([
  'LG_CHECKPOINT_DAMAGED',
  'LG_RUNTIME_HOST_DOWN',
  'LG_RUNTIME_HOST_OTHER',
]);

/** Makes plans: reads the present state, and leaves the deciding to the pure planner. */
export class Planner {
  readonly #parts: PlannerParts;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  plan({ settings, ...wish }: PlanWish): Promise<Result<Plan>> {
    if (settings === undefined) return this.#plan(wish);
    const kept = this.#parts.inventory().keptAs(settings);
    if (!kept.ok) return Promise.resolve(kept);
    const inventory = (): Inventory => kept.value;
    const health = this.#parts.health.by(kept.value);
    return new Planner({ ...this.#parts, health, inventory }).#plan(wish);
  }

  async #plan(wish: PlanWish): Promise<Result<Plan>> {
    const { inventory, health, settings } = this.#parts;
    const usable = requireUsable(wish.target);
    if (!usable.ok) return usable;
    const known = inventory().requireKnown(wish.components);
    if (!known.ok) return known;
    const { captures, added } = this.#capturesOf(wish);
    const states: (PlanState & { readonly state: StateSpec })[] = [];
    const left: { state: string; why: string }[] = [];
    for (const capture of captures) {
      const state = await planStateOf(this.#parts, capture, wish.target);
      if (state.ok) states.push(state.value);
      else if (REFUSED.has(state.error.code)) return state;
      else left.push({ state: capture.state, why: state.error.message });
    }
    const changed = states.filter(({ now, wanted, diff }) => diff(now, wanted).length > 0);
    const touched = [...new Set(changed.map(({ state }) => state.component))];
    const { gate, onSilence, batches } = settings();
    const guards = health.guardsOf(inventory().withDependents(touched));
    const goals = await this.#goalsOf(wish, guards);
    const content = makePlan({
      target: {
        id: wish.target.id,
        status: wish.target.status,
        takenAt: wish.target.manifest.takenAt,
        ...(isSpread(wish.target.manifest) ? { spread: wish.target.claim } : {}),
      },
      direction: wish.undoOf === undefined ? 'restore' : 'undo',
      states,
      left,
      components: inventory().components,
      ...(inventory().groups.length === 0 ? {} : { groups: inventory().groups }),
      ...(added.length === 0 ? {} : { added }),
      ...(await this.#effectsOf(wish, touched)),
      gate,
      ...(await this.#confirmTime(touched)),
      onSilence,
      batches,
      guards,
      ...(await this.#notHealed(wish, touched)),
      ...(wish.redBefore === undefined ? {} : { redBefore: wish.redBefore }),
      ...(goals.length === 0 ? {} : { goals }),
      reach: health.reachOf(touched),
    });
    if (!content.ok) return content;
    const specs = states.map(({ state }) => state);
    const whole = withSettings(content.value, inventory().components, specs);
    return ok(namedPlan(whole, wish, this.#parts));
  }

  /** Tells the hosts that a run of this plan may come, so that nobody waits while one starts. */
  foreseeRun({ content: { steps } }: Plan): void {
    const { inventory, client } = this.#parts;
    for (const id of new Set(steps.map((step) => step.state))) {
      const state = inventory().state(id);
      // A hint: who does not hear it only starts later.
      if (state.ok) void client.foresee(state.value).catch(() => undefined);
    }
  }

  /** What is configured, and what such runs took before. */
  async #confirmTime(
    components: readonly string[],
  ): Promise<Pick<PlanInput, 'confirmTimeoutMs' | 'took'>> {
    const { confirmTimeoutMs } = this.#parts.settings();
    const tookMs = await this.#parts.took(components);
    return {
      ...(confirmTimeoutMs === undefined ? {} : { confirmTimeoutMs }),
      ...(tookMs === undefined ? {} : { took: { ms: tookMs } }),
    };
  }

  /** The run that bars going further back without a word; an undo goes to a moment ago. */
  async #notHealed(
    { target, incident, undoOf }: PlanWish,
    components: readonly string[],
  ): Promise<Pick<PlanInput, 'notHealed'>> {
    const { runs, settings, clock } = this.#parts;
    const recent = undoOf === undefined ? await runs() : ok([]);
    // A journal that cannot be read bars nobody from mending things.
    if (!recent.ok) return {};
    const since = addMs(clock.now(), -settings().coolDownMs);
    const wanted = { target: target.id, components, incident: incident?.id };
    const notHealed = findNotHealed(recent.value, wanted, since);
    return notHealed === undefined ? {} : { notHealed };
  }

  /** What was done outside since the target; an undo goes back to a moment ago. */
  async #effectsOf(
    { target, undoOf }: PlanWish,
    components: readonly string[],
  ): Promise<Pick<PlanInput, 'effects'>> {
    if (undoOf !== undefined || components.length === 0) return {};
    const { inventory, clock, effects, aliases } = this.#parts;
    const parts = { components: inventory().components, aliases: aliases(), query: effects };
    const names = inventory().withDependents(components);
    return { effects: (await effectsSince(target, names, clock.now(), parts)) ?? 'unknown' };
  }

  /** What the target holds of the wanted components, and of what travels with them. */
  #capturesOf({ target, components }: PlanWish): {
    readonly captures: readonly Capture[];
    readonly added: readonly string[];
  } {
    const all = target.manifest.captures;
    if (components === undefined) return { captures: all, added: [] };
    const together = new Set(
      this.#parts
        .inventory()
        .statesTogether(components)
        .map(({ id }) => id),
    );
    const isNamed = ({ component }: Capture): boolean => components.includes(component);
    const captures = all.filter((one) => isNamed(one) || together.has(one.state));
    return { captures, added: captures.filter((one) => !isNamed(one)).map(({ state }) => state) };
  }

  /**
   * What must turn green: the incident's triggers, and what is red now of the health checks that
   * the incident may be about. An undo has none: it goes back to whatever was before.
   */
  async #goalsOf(
    { incident, undoOf }: PlanWish,
    guards: readonly GuardName[],
  ): Promise<readonly GuardName[]> {
    if (undoOf !== undefined) return [];
    const { health, inventory } = this.#parts;
    const about = incident && inventory().withDependents(incident.components);
    const asked = guards.filter(({ component }) => about?.includes(component) ?? true);
    const round = await health.round(asked);
    const red = round.filter(({ color }) => color === 'red');
    return [...triggersOf(incident), ...red.map(({ check, component }) => ({ check, component }))];
  }
}

/** Whether the states of a checkpoint are from different instants. */
function isSpread({ consistency }: CheckpointView['manifest']): boolean {
  return consistency === 'L0' || consistency === 'L2';
}

/** The triggers that opened an incident must be quiet again. */
function triggersOf(incident: Incident | undefined): readonly GuardName[] {
  const goals = new Map<string, GuardName>();
  for (const { trigger, component } of incident?.signals ?? []) {
    const check = triggerCheck(trigger, component);
    goals.set(check, { check, component });
  }
  return [...goals.values()];
}
