import { assertUnreachable } from '../../../base/assert.ts';
import type { TriggerRule, TriggerState } from '../../../model/incident/trigger.ts';
import { AlertWatch } from './alert-watch.ts';
import { CountedWatch } from './counted-watch.ts';

/**
 * Components watched at once. A rule costs up to 30 kB a component, and a sender that invents names
 * must not fill the memory; a thousand is twice the largest inventory we aim at.
 */
export const WATCHED_COMPONENTS_MAX = 1_000;

/** Only a component silent for an hour gives its place to a new one: others would thrash. */
const IDLE_MS = 3_600_000;

/** A full table is searched for idle components at most this often. */
const SEARCH_MS = 60_000;

/** The watches of one component, by what they read. */
export interface Watches {
  readonly component: string;
  readonly counted: readonly CountedWatch[];
  readonly logs: readonly { readonly watch: CountedWatch; readonly minSeverity: number }[];
  readonly events: readonly { readonly watch: CountedWatch; readonly event: string }[];
  readonly spans: readonly CountedWatch[];
  readonly alerts: readonly AlertWatch[];
  /** Aligned time of the newest record of any kind, milliseconds; -Infinity before the first. */
  heardMs: number;
}

/** All watches: each rule on its component, or on every component that is heard of. */
export class WatchTable {
  readonly #rules: readonly TriggerRule[];
  readonly #components = new Map<string, Watches>();
  /** Names of components that found no place: counted, and told in every state. */
  #unwatched = 0;
  #searchedMs = Number.NEGATIVE_INFINITY;
  readonly readsDurations: boolean;

  constructor(rules: readonly TriggerRule[]) {
    this.#rules = rules;
    this.readsDurations = rules.some(
      ({ signal }) => signal === 'span-latency' || signal === 'error-ratio',
    );
    for (const rule of rules) {
      if (rule.component !== undefined) this.of(rule.component, Number.NEGATIVE_INFINITY);
    }
  }

  /** The watches of a component, made at first sight; undefined when there is no room for it. */
  of(component: string, nowMs: number): Watches | undefined {
    const known = this.#components.get(component);
    if (known !== undefined) return known;
    if (this.#components.size >= WATCHED_COMPONENTS_MAX && !this.#forgetIdle(nowMs)) {
      this.#unwatched += 1;
      return undefined;
    }
    const watches = watchesOf(this.#rules, component);
    this.#components.set(component, watches);
    return watches;
  }

  get isTroubled(): boolean {
    for (const watch of this.all()) if (watch.isTroubled) return true;
    return false;
  }

  *all(): Iterable<CountedWatch | AlertWatch> {
    for (const watches of this.#components.values()) {
      yield* watches.counted;
      yield* watches.alerts;
    }
  }

  /** The states of a rule on all its components; one without a component when it has none yet. */
  statesOf(rule: TriggerRule, nowMs: number): readonly TriggerState[] {
    const states: TriggerState[] = [];
    for (const { counted, alerts, heardMs } of this.#components.values()) {
      const heard = heardMs === Number.NEGATIVE_INFINITY ? undefined : heardMs;
      for (const watch of counted) if (watch.rule === rule) states.push(watch.state(heard, nowMs));
      for (const watch of alerts) if (watch.rule === rule) states.push(watch.state());
    }
    if (states.length === 0) states.push(unseen(rule));
    if (this.#unwatched === 0) return states;
    const limit =
      `; ${this.#unwatched} batches of further components were not watched: ` +
      `at most ${WATCHED_COMPONENTS_MAX} components are`;
    return states.map((state) => ({ ...state, explanation: state.explanation + limit }));
  }

  /** Makes room: drops the components long silent that have nothing pending or firing. */
  #forgetIdle(nowMs: number): boolean {
    if (nowMs - this.#searchedMs < SEARCH_MS) return false;
    this.#searchedMs = nowMs;
    for (const watches of this.#components.values()) {
      const isNamed = this.#rules.some((rule) => rule.component === watches.component);
      const isBusy = [...watches.counted, ...watches.alerts].some((watch) => !watch.isQuiet);
      const isIdle = nowMs - watches.heardMs > IDLE_MS;
      if (isIdle && !isNamed && !isBusy) this.#components.delete(watches.component);
    }
    return this.#components.size < WATCHED_COMPONENTS_MAX;
  }
}

function unseen(rule: TriggerRule): TriggerState {
  return {
    name: rule.name,
    signal: rule.signal,
    limit: rule.signal === 'alert' ? 0 : rule.above,
    state: 'no-data',
    explanation: 'nothing of any component has arrived yet',
  };
}

function watchesOf(rules: readonly TriggerRule[], component: string): Watches {
  const logs: { readonly watch: CountedWatch; readonly minSeverity: number }[] = [];
  const events: { readonly watch: CountedWatch; readonly event: string }[] = [];
  const spans: CountedWatch[] = [];
  const alerts: AlertWatch[] = [];
  for (const rule of rules) {
    if (rule.component !== undefined && rule.component !== component) continue;
    switch (rule.signal) {
      case 'log-rate':
        logs.push({ watch: new CountedWatch(rule, component), minSeverity: rule.minSeverity });
        break;
      case 'event':
        events.push({ watch: new CountedWatch(rule, component), event: rule.event });
        break;
      case 'error-ratio':
      case 'span-latency':
        spans.push(new CountedWatch(rule, component));
        break;
      case 'alert':
        alerts.push(new AlertWatch(rule, component));
        break;
      default:
        assertUnreachable(rule);
    }
  }
  const counted = [...[...logs, ...events].map(({ watch }) => watch), ...spans];
  return { component, counted, logs, events, spans, alerts, heardMs: Number.NEGATIVE_INFINITY };
}
