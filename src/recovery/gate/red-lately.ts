import type { ProbeSample } from '../../model/health/verdict.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * What was red is believed for so long: the watch looks every 12 s at most, and waits some seconds
 * for who hangs.
 */
export const RED_LATELY_MS_MAX = 20_000;

/** A red answer, and when it came. */
interface Known {
  readonly sample: ProbeSample;
  readonly atMs: number;
}

/**
 * Remembers checks whose newest answer was red, so that nobody need wait until the end of a time
 * limit to hear again that who hangs hangs. Anything else is never believed from before: a check
 * last seen green, or not at all, is always asked anew.
 */
export class RedLately {
  readonly #clock: Pick<Clock, 'uptimeMs'>;
  readonly #known = new Map<string, Known>();

  constructor(clock: Pick<Clock, 'uptimeMs'>) {
    this.#clock = clock;
  }

  /** Takes the newest answer of a check. */
  note(sample: ProbeSample): void {
    const atMs = this.#clock.uptimeMs();
    this.#known.delete(sample.check);
    // Checks that are not asked any more must not stay for ever.
    for (const [check, known] of this.#known) {
      if (atMs - known.atMs > RED_LATELY_MS_MAX) this.#known.delete(check);
    }
    if (sample.color === 'red') this.#known.set(sample.check, { sample, atMs });
  }

  /**
   * The answer of a check that is being asked, for whom `ready` is all else there is to wait for:
   * one that was red a moment ago and still says nothing then is red, and its age is told.
   */
  answerOf(
    check: string,
    asked: Promise<ProbeSample>,
    ready: Promise<unknown>,
  ): Promise<ProbeSample> {
    const ask = (): Promise<ProbeSample> | ProbeSample => this.#stillRed(check) ?? asked;
    return Promise.race([asked, ready.then(ask, ask)]);
  }

  #stillRed(check: string): ProbeSample | undefined {
    const known = this.#known.get(check);
    if (known === undefined) return undefined;
    const ageMs = this.#clock.uptimeMs() - known.atMs;
    if (ageMs > RED_LATELY_MS_MAX) return undefined;
    const seconds = (ageMs / 1000).toFixed(1);
    const seen = `${known.sample.seen}, ${seconds} s ago; asked again, it has not answered yet`;
    return { ...known.sample, seen };
  }
}
