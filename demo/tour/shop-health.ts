import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';

/** A shop is called healthy when its customers had no trouble for this long. */
const healthySeconds = 3;
const healthyTimeoutMs = 20_000;
const brokenTimeoutMs = 10_000;
/** A fifth of all orders failing is broken by anybody's measure. */
const brokenShare = 0.2;

/** Waits until customers are served without failures, and tells so. */
export async function untilHealthy(stage: Stage): Promise<void> {
  stage.screen.now('watching the customers');
  await waitFor('customers are served without failures', healthyTimeoutMs, () =>
    stage.pulse.isHealthy(healthySeconds) ? true : undefined,
  );
  const { perSecond, failed } = stage.pulse.lately(healthySeconds);
  const share = (failed * 100).toFixed(0);
  const rate = perSecond.toFixed(0);
  stage.screen.say('good', `customers: ${rate} orders/s, ${share} % failed: the shop is healthy`);
}

/** Waits until customers see failures since `at`, and tells how many. */
export async function untilBroken(stage: Stage, at: number): Promise<void> {
  const worst = await waitFor('customers see the fault', brokenTimeoutMs, () => {
    const share = stage.pulse.worstSince(at);
    return share >= brokenShare ? share : undefined;
  });
  stage.screen.say('bad', `customers: ${(worst * 100).toFixed(0)} % of their orders fail`);
}
