import { attributeText } from './attribute-text.ts';
import { logSample } from './log-key.ts';

/** Newest occurrences kept of one event name on one component: a flood keeps none else out. */
const EACH_MAX = 5;

/** Distinct pairs of component and event name. */
const PAIRS_MAX = 1_000;

/** Events that may be a cause or show one; the vocabulary of evidence.md 1.3. */
const TELLING = new RegExp(
  [
    String.raw`^(deployment|host|process|config|firewall)\.`,
    String.raw`\.(changed|state_changed|rolled_back|crashed|threshold_crossed|threshold_cleared)$`,
  ].join('|'),
);

/** One event, as noted. */
export interface NotedEvent {
  readonly component: string;
  readonly eventName: string;
  readonly ms: number;
  readonly text: string;
}

/** Remembers the newest events that may be causes. */
export class EventLog {
  readonly #newest = new Map<string, NotedEvent[]>();

  note(event: {
    readonly component: string;
    readonly eventName: string;
    readonly ms: number;
    readonly body: string;
    readonly attributes: string;
  }): void {
    const { component, eventName, ms } = event;
    if (!TELLING.test(eventName)) return;
    const pair = `${component}\n${eventName}`;
    let events = this.#newest.get(pair);
    if (events === undefined) {
      if (this.#newest.size >= PAIRS_MAX) return;
      events = [];
      this.#newest.set(pair, events);
    }
    const summary = attributeText(event.attributes, 'change.summary');
    events.push({ component, eventName, ms, text: logSample(summary ?? event.body) });
    if (events.length > EACH_MAX) events.shift();
  }

  /** Events of a time, oldest first. */
  between(fromMs: number, toMs: number): readonly NotedEvent[] {
    return [...this.#newest.values()]
      .flat()
      .filter(({ ms }) => ms >= fromMs && ms <= toMs)
      .toSorted((a, b) => a.ms - b.ms);
  }
}
