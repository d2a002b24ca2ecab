import { z } from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import type { Result } from '../../base/result.ts';
import type { Bus } from '../../ports/bus.ts';

/** The subject on which a host runner runs programs that write to us for as long as they live. */
export function programSubject(host: string): string {
  return `host.${host}.program`;
}

/** What evidence asks the core for, which knows the runners. */
export const HOSTS_SUBJECT = { run: 'hosts.run', program: 'hosts.program' } as const;

/** The longest wait for output: longer ones would look like a runner that stands still. */
export const READ_WAIT_MS = 5_000;

/** Output carried at a time; as base64 in JSON a third more. */
export const PIECE_BYTES_MAX = 256 * 1024;

const id = z.string().min(1).max(64);

/** What is asked of a program. */
export const programAsk = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('start'), id, words: z.array(z.string()).min(1).max(64) }),
  z.strictObject({
    do: z.literal('read'),
    id,
    /** The first byte that is wanted; all before it has arrived, so asking twice loses nothing. */
    position: z.int().min(0),
    /** None: the reader has no room, and says that it is still there. */
    bytesMax: z.int().min(0).max(PIECE_BYTES_MAX),
  }),
  z.strictObject({ do: z.literal('end'), id }),
]);

/** As parsed. */
export type ProgramAsk = z.output<typeof programAsk>;

/** A runner that waits for output, and one that is busy. */
const ANSWER_MS = READ_WAIT_MS + 20_000;

/** Has the host runner at the other end of a bus run programs. */
export function programsOver(
  bus: Pick<Bus, 'request'>,
  host: () => string,
): (ask: ProgramAsk) => Promise<Result<Json>> {
  return (ask) => bus.request(programSubject(host()), ask, ANSWER_MS);
}

/** The answer to `read`. */
export const programPiece = z.object({
  /** From `position` on. */
  bytes: z.base64(),
  /** The last of what it said of itself. */
  said: z.string(),
  /** Why it ended, once all it wrote was read. */
  ended: z.string().optional(),
});

/** What evidence asks of a host by its name; without one, of this machine. */
export const hostProgramAsk = z.strictObject({ host: z.string().optional(), ask: programAsk });

/** A command of evidence on a host, whose output is wanted whole. */
export const hostRunAsk = z.strictObject({
  host: z.string().optional(),
  words: z.array(z.string()),
  timeoutMs: z.number().positive(),
});
