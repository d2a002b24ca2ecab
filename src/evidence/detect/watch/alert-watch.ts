import { timeNs, toRfc3339 } from '../../../base/time.ts';
import type { TriggerRule, TriggerState } from '../../../model/incident/trigger.ts';
import type { SignalSink } from './signal-sink.ts';

/** A rule on alerts of an external system. */
export type AlertRule = Extract<TriggerRule, { readonly signal: 'alert' }>;

/** One alert record, read. */
export interface AlertSeen {
  /** Equal for the firing and the resolving record of one alert. */
  readonly identity: string;
  readonly isFiring: boolean;
  readonly labels: ReadonlyMap<string, string>;
}

/** More alerts at once than this are one storm; their number is no longer news. */
const ACTIVE_MAX = 1_000;

/** One alert rule on one component: fires while at least one matching alert does. */
export class AlertWatch {
  readonly rule: AlertRule;
  readonly component: string;
  /** When each active alert began, by identity. */
  readonly #active = new Map<string, bigint>();
  #phase: 'quiet' | 'pending' | 'firing' = 'quiet';
  #sinceNs: bigint | undefined;
  #firstBadNs: bigint | undefined;
  #wasHeard = false;

  constructor(rule: AlertRule, component: string) {
    this.rule = rule;
    this.component = component;
  }

  get isTroubled(): boolean {
    return this.#phase !== 'quiet';
  }

  get isQuiet(): boolean {
    return this.#phase === 'quiet';
  }

  /** Takes note of an alert that began, goes on or was resolved at `atNs`. */
  take(alert: AlertSeen, atNs: bigint, sink: SignalSink): void {
    this.#wasHeard = true;
    for (const [name, value] of Object.entries(this.rule.match)) {
      if (alert.labels.get(name) !== value) return;
    }
    if (!alert.isFiring) this.#active.delete(alert.identity);
    else if (!this.#active.has(alert.identity) && this.#active.size < ACTIVE_MAX) {
      this.#active.set(alert.identity, atNs);
    }
    this.#judge(sink);
  }

  /** Lets time pass, for `for`. */
  pass(sink: SignalSink): void {
    this.#judge(sink);
  }

  state(): TriggerState {
    const { rule, component } = this;
    const isUnheard = this.#phase === 'quiet' && !this.#wasHeard;
    const active = `${this.#active.size} alerts with ${matchText(rule)} are active`;
    return {
      name: rule.name,
      signal: rule.signal,
      component,
      ...(isUnheard ? {} : { value: this.#active.size }),
      limit: 0,
      state: isUnheard ? 'no-data' : this.#phase,
      ...(this.#sinceNs === undefined ? {} : { since: toRfc3339(timeNs(this.#sinceNs)) }),
      explanation: isUnheard ? `no alert about ${component} has arrived yet` : active,
    };
  }

  #judge(sink: SignalSink): void {
    if (this.#active.size === 0) {
      if (this.#phase === 'firing') this.#turn('cleared', sink);
      else if (this.#phase === 'pending') this.#sinceNs = sink.nowNs;
      this.#phase = 'quiet';
      return;
    }
    if (this.#phase === 'quiet') {
      this.#phase = 'pending';
      this.#sinceNs = sink.nowNs;
      this.#firstBadNs = [...this.#active.values()].reduce((a, b) => (a < b ? a : b));
    }
    const heldNs = sink.nowNs - (this.#sinceNs ?? sink.nowNs);
    if (this.#phase === 'pending' && heldNs >= BigInt(Math.round(this.rule.forMs * 1e6))) {
      this.#phase = 'firing';
      this.#turn('raised', sink);
    }
  }

  #turn(phase: 'raised' | 'cleared', sink: SignalSink): void {
    this.#sinceNs = sink.nowNs;
    const match = matchText(this.rule);
    sink.turn({
      phase,
      rule: this.rule,
      component: this.component,
      firstBadNs: this.#firstBadNs ?? sink.nowNs,
      value: this.#active.size,
      limit: 0,
      reason:
        phase === 'raised'
          ? `an external system alerts about ${this.component} with ${match}`
          : `no external alert about ${this.component} with ${match} is active any more`,
    });
  }
}

function matchText(rule: AlertRule): string {
  const pairs = Object.entries(rule.match).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? 'any labels' : pairs.join(', ');
}
