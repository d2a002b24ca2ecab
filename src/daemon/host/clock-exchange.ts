import { z } from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import type { Result } from '../../base/result.ts';
import type { ClockExchange } from '../../model/evidence/clock-exchange.ts';
import type { Clock } from '../../ports/clock.ts';

/** What one ping tells of two clocks, as RFC 5905 section 8 does: nobody answers before asked. */
export const clockExchange = z.object({
  sentMs: z.number(),
  receivedMs: z.number(),
  theirMs: z.number(),
  boot: z.string().max(100),
}) satisfies z.ZodType<ClockExchange>;

/** A longer way says less of a clock than that its host is alive. */
const ROUND_MS_MAX = 2_000;

/** Uptime is known to 10 ms; a wall clock that ran otherwise was set, or the host slept. */
const STEADY_MS = 50;

const answerSchema = z.object({ wallMs: z.number(), boot: z.string().max(100) });

/** The answer of a host runner to a ping: what its wall clock shows, in whole milliseconds. */
export function pingAnswer(clock: Pick<Clock, 'bootId'>): Json {
  return { wallMs: Date.now(), boot: clock.bootId() };
}

/** Asks, and tells what the answer says of the clocks; undefined where it says nothing. */
export async function timedAsk(
  clock: Pick<Clock, 'uptimeMs'>,
  ask: () => Promise<Result<Json>>,
): Promise<{ readonly answer: Result<Json>; readonly exchange: ClockExchange | undefined }> {
  const [sentMs, sentUptimeMs] = [Date.now(), clock.uptimeMs()];
  const answer = await ask();
  const [receivedMs, tookMs] = [Date.now(), clock.uptimeMs() - sentUptimeMs];
  const said = answerSchema.safeParse(answer.ok ? answer.value : undefined);
  const isSteady = Math.abs(receivedMs - sentMs - tookMs) <= STEADY_MS && tookMs <= ROUND_MS_MAX;
  if (!said.success || !isSteady) return { answer, exchange: undefined };
  const { wallMs: theirMs, boot } = said.data;
  return { answer, exchange: { sentMs, receivedMs, theirMs, boot } };
}
