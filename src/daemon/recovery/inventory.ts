import { err, ok, type Result } from '../../base/result.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';
import { joinedGroups, type TravelGroup } from '../../model/component/travel-group.ts';
import { TRAFFIC_KINDS } from '../../model/component/traffic-kinds.ts';
import type { Pause } from '../../model/component/pause.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Provider } from '../../ports/provider.ts';

/** The components and their restorable states, with each state's provider. */
export class Inventory {
  readonly components: readonly Component[];
  readonly states: readonly StateSpec[];
  /** What travels together, by configuration and by the providers' word. */
  readonly groups: readonly TravelGroup[];
  /** Who depends on whom. */
  readonly links: readonly { readonly from: string; readonly to: string }[];
  readonly #byId: ReadonlyMap<string, StateSpec>;
  readonly #providers: ReadonlyMap<string, Provider<unknown>>;

  private constructor(
    components: readonly Component[],
    providers: ReadonlyMap<string, Provider<unknown>>,
    groups: readonly TravelGroup[],
  ) {
    this.components = components;
    this.states = components.flatMap((component) => component.state);
    this.#byId = new Map(this.states.map((state) => [state.id, state]));
    this.#providers = providers;
    this.links = components.flatMap(({ name, dependsOn }) =>
      dependsOn.map((needed) => ({ from: name, to: needed })),
    );
    this.groups = joinedGroups([...groups, ...this.#relatedGroups()]);
  }

  /** What providers say of their states: named components stand for all of theirs. */
  #relatedGroups(): readonly TravelGroup[] {
    return this.states.flatMap((state) => {
      const related = this.provider(state).related(state, state.spec);
      if (related.length === 0) return [];
      const others = this.states.filter(
        ({ id, component }) => related.includes(id) || related.includes(component),
      );
      return [{ name: state.id, states: [state.id, ...others.map(({ id }) => id)] }];
    });
  }

  /** Parses every state's settings by its provider. LG_PROVIDER_… when one does not fit. */
  static of(
    components: readonly Component[],
    providers: ReadonlyMap<string, Provider<unknown>>,
    groups: readonly TravelGroup[] = [],
  ): Result<Inventory> {
    const parsed: Component[] = [];
    for (const component of components) {
      const states: StateSpec[] = [];
      for (const state of component.state) {
        const spec = parseSpec(state, providers.get(state.provider));
        if (!spec.ok) return spec;
        const { host } = component;
        states.push({ ...state, spec: spec.value, ...(host === undefined ? {} : { host }) });
      }
      parsed.push({ ...component, state: states });
    }
    return ok(new Inventory(parsed, providers, groups));
  }

  /** Components as somebody keeps them, with the same providers. */
  keptAs(components: readonly Component[]): Result<Inventory> {
    return Inventory.of(components, this.#providers);
  }

  state(id: string): Result<StateSpec> {
    const state = this.#byId.get(id);
    if (state !== undefined) return ok(state);
    const detail = `${id} is not in the configuration any more`;
    return err(lgError('LG_PROVIDER_UNKNOWN', detail));
  }

  /** The host whose runner looks after a component; undefined: this machine. */
  hostOf(component: string): string | undefined {
    return this.components.find(({ name }) => name === component)?.host;
  }

  /** Whether others reach each other through a component, as its kind says. */
  carriesTraffic(component: string): boolean {
    const kind = this.components.find(({ name }) => name === component)?.kind;
    return kind !== undefined && TRAFFIC_KINDS.has(kind);
  }

  /** The provider of a name; undefined when this version has none. */
  providerOf(kind: string): Provider<unknown> | undefined {
    return this.#providers.get(kind);
  }

  provider(state: StateSpec): Provider<unknown> {
    const provider = this.#providers.get(state.provider);
    if (provider === undefined) throw new Error(`broken invariant: no provider ${state.provider}`);
    return provider;
  }

  /** Who else writes a state: whom its provider knows, and whom the configuration names. */
  writersOf(state: StateSpec): readonly Pause[] {
    return [...this.provider(state).writers(state.spec), ...(state.writers ?? [])];
  }

  statesOf(components: readonly string[] | undefined): readonly StateSpec[] {
    if (components === undefined) return this.states;
    return this.states.filter((state) => components.includes(state.component));
  }

  /** The states of the named components, and whatever travels with one of them. */
  statesTogether(components: readonly string[] | undefined): readonly StateSpec[] {
    const asked = new Set(this.statesOf(components).map(({ id }) => id));
    return this.states.filter(
      ({ id }) => asked.has(id) || this.groupOf(id)?.states.some((other) => asked.has(other)),
    );
  }

  /** The group of a state; undefined when it travels alone. */
  groupOf(state: string): TravelGroup | undefined {
    return this.groups.find(({ states }) => states.includes(state));
  }

  /** The named components and everything that stands on them, transitively. */
  withDependents(names: readonly string[]): readonly string[] {
    const all = new Set(names);
    for (let grew = true; grew;) {
      grew = false;
      for (const { name, dependsOn } of this.components) {
        if (all.has(name) || !dependsOn.some((needed) => all.has(needed))) continue;
        all.add(name);
        grew = true;
      }
    }
    return [...all];
  }

  /** Refuses names that are not in the inventory. */
  requireKnown(names: readonly string[] | undefined): Result<void> {
    const known = new Set(this.components.map(({ name }) => name));
    const unknown = (names ?? []).find((name) => !known.has(name));
    if (unknown === undefined) return ok(undefined);
    const detail = `"${unknown}" is no component; there are ${[...known].join(', ') || 'none'}`;
    return err(lgError('LG_API_NOT_FOUND', detail));
  }
}

function parseSpec(state: StateSpec, provider: Provider<unknown> | undefined): Result<unknown> {
  if (provider === undefined) {
    return err(lgError('LG_PROVIDER_UNKNOWN', `${state.id}: ${state.provider}`));
  }
  const parsed = provider.specSchema['~standard'].validate(state.spec);
  if (parsed instanceof Promise || parsed.issues !== undefined) {
    const why = parsed instanceof Promise ? 'not checkable at once' : parsed.issues[0]?.message;
    return err(lgError('LG_PROVIDER_SPEC_INVALID', `${state.id}: ${why}`));
  }
  return ok(parsed.value);
}
