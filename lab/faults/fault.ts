import type { Book } from '../stage/book.ts';
import type { Stage } from '../stage/stage.ts';
import type { Undo } from '../stage/thing.ts';

/** What a fault can look at when it is planned. */
export type FaultCall = {
  /** The stage as the faults see it; their folder keeps what an undo needs. */
  readonly stage: Stage;
  readonly book: Book;
  /** A word behind the fault's name: `nft` in `bad-push nft`. */
  readonly word: string | undefined;
  /** What stood behind `--on`, `--percent` and so on. */
  readonly option: (name: FaultOption) => string | undefined;
};

/** Every option some fault takes. */
export const faultOptions = ['on', 'of', 'by', 'percent', 'bytes', 'table'] as const;

/** One of them. */
export type FaultOption = (typeof faultOptions)[number];

/** A fault about to be made: its undo is written down before `make` is called. */
export type FaultPlan = {
  /** What will be wrong, in one sentence without an end mark. */
  readonly what: string;
  /** In the order to take; each may be taken twice, also when `make` was never called. */
  readonly undo: readonly Undo[];
  readonly make: () => Promise<void>;
};

/** One way to break something real, and to mend it. */
export type Fault = {
  readonly name: string;
  /** The options with their defaults: `[--on r1/ge1] [--percent 30]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly FaultOption[];
  /** Looks at what is there; changes nothing but files in the folder of the faults. */
  readonly plan: (call: FaultCall) => Promise<FaultPlan>;
};
