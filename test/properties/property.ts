/** One promise of a rollback, with everything that keeps it and the tests that would notice. */
export interface Property {
  readonly number: number;
  readonly name: string;
  /** What is promised, as a test can fail it. */
  readonly sentence: string;
  readonly safeguards: readonly [Safeguard, ...Safeguard[]];
  /** What is not promised, where a reader might expect more. */
  readonly limit?: string;
}

/** One line of the code that keeps a property, how to take it away, and who notices. */
export interface Safeguard {
  /** How it keeps the property: half a sentence for the table in `docs/recovery.md`. */
  readonly does: string;
  readonly file: string;
  /** Text that stands exactly once in the file. */
  readonly line: string;
  /** What stands there without the safeguard; it must still load, so that only the test fails. */
  readonly without: string;
  readonly proof: Proof;
}

/** A test that passes with the safeguard and fails without it. */
export interface Proof {
  readonly file: string;
  readonly test: string;
}
