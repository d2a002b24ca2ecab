import { Generations } from '../../../base/generations.ts';

/**
 * Spans whose other half may still come: parents arrive after their children, since they end
 * later, and callees before or after their callers. Ten thousand a second for two seconds.
 */
const LINKS_MAX = 20_000;

/** A span that was seen, for children still to come. */
interface SeenSpan {
  readonly component: string;
  readonly address: string | undefined;
}

/** What children told about a parent still to come. */
interface ExpectedSpan {
  /** Sum of the durations of its children in its own component, milliseconds. */
  childMs: number;
  /** The component of a child elsewhere: whom the span called. */
  callee: string | undefined;
}

/** Joins spans to their parents in whatever order they arrive. Bounded: the oldest go first. */
export class SpanLinks {
  readonly #seen = new Generations<SeenSpan>(LINKS_MAX);
  readonly #expected = new Generations<ExpectedSpan>(LINKS_MAX);

  /** The parent of a span, when it came before. */
  seen(span: number): SeenSpan | undefined {
    return this.#seen.get(span);
  }

  /** What its children said about a span that arrives now; asked once. */
  take(span: number): ExpectedSpan | undefined {
    return this.#expected.take(span);
  }

  remember(span: number, seen: SeenSpan): void {
    this.#seen.set(span, seen);
  }

  /** Tells that a span has a child in its own component that took so long. */
  expectChild(parent: number, ms: number): void {
    const expected = this.#expect(parent);
    expected.childMs += ms;
  }

  /** Tells that a span has a child in another component. */
  expectCallee(parent: number, callee: string): void {
    this.#expect(parent).callee = callee;
  }

  #expect(parent: number): ExpectedSpan {
    let expected = this.#expected.get(parent);
    if (expected === undefined) {
      expected = { childMs: 0, callee: undefined };
      this.#expected.set(parent, expected);
    }
    return expected;
  }
}
