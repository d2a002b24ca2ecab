import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';

/** How long the store is left alone when there was nothing to do. */
const IDLE_MS = 30_000;
/** After a failure, a full disk for instance. */
const RETRY_MS = 60_000;
/** Upkeep works a fifth of the time at the most: ingest and queries share the machine with it. */
const REST_PER_WORK = 4;
/** So that a thousand small pieces of work do not follow each other without a breath. */
const REST_MS_MIN = 200;

/** Keeps a store tidy until it is closed, at low priority. */
export function keepTidy(store: Pick<TelemetryStore, 'tidy'>, clock: Clock, log: Log): void {
  const again = (waitMs: number): void => {
    clock.after(waitMs, () => {
      tidy().catch((error: unknown) => {
        // A bug in upkeep must not end what takes records.
        log.error('StoreTidiedError', { why: messageOf(error) });
        again(RETRY_MS);
      });
    });
  };
  const tidy = async (): Promise<void> => {
    const beganMs = clock.uptimeMs();
    const done = await store.tidy();
    if (done.ok) {
      const tookMs = clock.uptimeMs() - beganMs;
      return again(done.value ? Math.max(REST_MS_MIN, REST_PER_WORK * tookMs) : IDLE_MS);
    }
    if (done.error.code === 'LG_STORE_CLOSED') return;
    log.warn('StoreTidiedError', { code: done.error.code, why: done.error.detail });
    again(RETRY_MS);
  };
  again(IDLE_MS);
}
