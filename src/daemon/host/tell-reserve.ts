import { z } from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import { messageOf } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Bus } from '../../ports/bus.ts';
import type { ReserveStanding } from '../recovery-reserve.ts';
import { HOST_SUBJECT } from './messages.ts';

/** It asks its disk and nothing else; whoever waits for `status` waits for this. */
const ANSWER_MS = 2_000;

const standing = z.object({
  device: z.number(),
  wantedBytes: z.number(),
  heldBytes: z.number(),
  freeBytes: z.number(),
  neededBytes: z.number(),
  isShort: z.boolean(),
}) satisfies z.ZodType<ReserveStanding>;

/** The answer of a host runner: how its reserve stands, which nobody else may look at. */
export async function answerReserve(ask: () => ReserveStanding): Promise<Result<Json>> {
  const told = standingOr(ask);
  return told.ok ? ok({ ...told.value }) : told;
}

/** How a reserve stands, or why its disk does not say. */
export function standingOr(ask: () => ReserveStanding): Result<ReserveStanding> {
  try {
    return ok(ask());
  } catch (thrown) {
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', messageOf(thrown), thrown));
  }
}

/** Asks the host runner at the other end of a bus. */
export function reserveOver(bus: Pick<Bus, 'request'>): () => Promise<Result<ReserveStanding>> {
  return async () => {
    const answer = await bus.request(HOST_SUBJECT.reserve, null, ANSWER_MS);
    if (!answer.ok) return answer;
    const told = standing.safeParse(answer.value);
    if (told.success) return ok(told.data);
    return err(lgError('LG_RUNTIME_BUG', `${HOST_SUBJECT.reserve} answered otherwise`));
  };
}
