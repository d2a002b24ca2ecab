import { timeNs, toRfc3339 } from '../../base/time.ts';
import { attributeText } from '../../evidence/detect/memory/attribute-text.ts';
import type { ToldTrouble } from '../../evidence/diagnose/diagnosis-input.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { componentOf } from './row-component.ts';

/** One trouble while more of it may come. */
interface Growing {
  readonly component: string;
  readonly teller: string;
  readonly eventName: string | undefined;
  text: string;
  atNs: bigint;
  severity: number;
  isPending: boolean;
  during: number;
  before: number;
}

/** Who tells something, and how sure he is. */
interface Telling {
  readonly teller: string;
  readonly isPending: boolean;
  /** Absent of an alert. */
  readonly eventName?: string;
}

/** Distinct troubles; of a storm the first say what began it. */
const TROUBLES_MAX = 2_000;

/** As much of a message as a sentence takes. */
const TEXT_CHARS = 200;

/** Gathers alerts that were raised, and what devices reported, by component and name. */
export class ToldTroubles {
  readonly #fromNs: bigint;
  readonly #all = new Map<string, Growing>();
  #dropped = 0;

  /** `fromNs` is when the incident begins; what is told earlier makes it less of a news. */
  constructor(fromNs: bigint) {
    this.#fromNs = fromNs;
  }

  /** Tellings of troubles that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes an alert; one that is over raises nothing. */
  alert(batch: RecordBatch, row: number, atNs: bigint): void {
    const attributes = batch.attributes[row] ?? '';
    const state = attributeText(attributes, 'alert.state');
    if (state === 'resolved') return;
    const name = attributeText(attributes, 'alert.name') ?? 'an alert';
    const system = attributeText(attributes, 'alert.system') ?? 'a monitor';
    this.#note(batch, row, atNs, {
      teller: `${system} raised ${name}`,
      isPending: state === 'pending',
    });
  }

  /** Takes an event of severity ERROR or above that something reports of itself. */
  report(batch: RecordBatch, row: number, name: string, atNs: bigint): void {
    this.#note(batch, row, atNs, {
      teller: `it reported ${name}`,
      isPending: false,
      eventName: name,
    });
  }

  /** What was told within the incident. */
  list(): readonly ToldTrouble[] {
    return [...this.#all.values()]
      .filter(({ during }) => during > 0)
      .map(({ component, teller, eventName, text, atNs, severity, isPending, ...counts }) => {
        const { during, before } = counts;
        const at = toRfc3339(timeNs(atNs));
        const often = during === 1 ? '' : `, ${during} times`;
        const sentence = `${teller} at ${at.slice(11, 19)} UTC${often}: ${text}`;
        const earlier = before === 0 ? '' : `; before: ${before} times`;
        const event = eventName === undefined ? {} : { eventName };
        return { component, at, text: sentence + earlier, severity, isPending, before, ...event };
      });
  }

  #note(batch: RecordBatch, row: number, atNs: bigint, telling: Telling): void {
    const { teller, isPending, eventName } = telling;
    const component = componentOf(batch, row);
    const key = `${component}\n${teller}`;
    const severity = batch.severity[row] ?? 0;
    const isDuring = atNs >= this.#fromNs;
    const known = this.#all.get(key);
    if (known === undefined) {
      if (this.#all.size >= TROUBLES_MAX) {
        this.#dropped += 1;
        return;
      }
      const text = (batch.body[row] ?? '').replaceAll(/\s+/g, ' ').slice(0, TEXT_CHARS);
      const counts = { during: Number(isDuring), before: Number(!isDuring) };
      this.#all.set(key, {
        component,
        teller,
        eventName,
        text,
        atNs,
        severity,
        isPending,
        ...counts,
      });
      return;
    }
    if (!isDuring) {
      known.before += 1;
      return;
    }
    // The first of the incident dates it, the worst weighs.
    if (known.during === 0 || atNs < known.atNs) known.atNs = atNs;
    known.severity = known.during === 0 ? severity : Math.max(known.severity, severity);
    known.isPending = known.during === 0 ? isPending : known.isPending && isPending;
    known.during += 1;
  }
}
