/**
 * Whatever is waited for happens within seconds; a machine busy with other tests needs longer. Of
 * what is known not to come, because its safeguard was taken away, nobody need wait as long.
 */
const WAIT_MS_MAX = Number(process.env['LASTGOOD_TEST_WAIT_MS'] ?? 120_000);

/** Often enough that nobody waits for the waiting, seldom enough to disturb nobody. */
const PAUSE_MS = 50;

/**
 * Asks until an answer fits; no answer at all never does. Fails with the last answer, or with the
 * error of asking, when none fitted in time.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  fits: (answer: Answer) => boolean = () => true,
): Promise<Answer> {
  const end = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (performance.now() > end) throw error;
      return undefined;
    });
    if (answer !== undefined && fits(answer)) return answer;
    if (performance.now() > end) {
      throw new Error(`${what} did not come: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
