/** Something the tour claimed did not happen. Its message is what the person reads last. */
export class TourFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TourFailure';
  }
}

/** Four looks a second feel immediate and cost the shop nothing. */
const lookEveryMs = 250;

/**
 * Looks until `look` finds something (anything but undefined) and resolves with it. Rejects with a
 * `TourFailure` that names `what` when it has not happened after `timeoutMs`.
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new TourFailure(`${what}: not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Throws a `TourFailure` with `claim` when it is not true. */
export function claim(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new TourFailure(sentence);
}
