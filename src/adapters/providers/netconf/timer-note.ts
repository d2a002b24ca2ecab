import type { Instant } from '../../../model/run/instant.ts';
import type { ProviderNotes } from '../../../ports/provider.ts';
import { z } from 'zod';

const noteSchema = z.object({
  run: z.string(),
  phase: z.enum(['armed', 'confirming', 'confirmed', 'canceled']),
  deadline: z.object({
    set: z.object({ wallMs: z.number(), uptimeMs: z.number(), bootId: z.string() }),
    afterMs: z.number(),
  }),
  before: z.string(),
});

/**
 * What is known of the last confirmed commit we made: the device tells nobody whose one is pending,
 * nor how long it waits.
 */
export interface TimerNote {
  readonly run: string;
  /** `confirming` is written before the device is told: its answer may be lost with us. */
  readonly phase: 'armed' | 'confirming' | 'confirmed' | 'canceled';
  readonly deadline: { readonly set: Instant; readonly afterMs: number };
  /** Fingerprint of what it goes back to. */
  readonly before: string;
}

const NAME = 'confirmed-commit';

/** The note; undefined where there is none, or one that nobody can read. */
export async function readTimerNote(notes: ProviderNotes): Promise<TimerNote | undefined> {
  const text = await notes.get(NAME);
  if (text === undefined) return undefined;
  return noteSchema.safeParse(JSON.parse(text)).data;
}

/** Keeps it durably. */
export function writeTimerNote(notes: ProviderNotes, note: TimerNote): Promise<void> {
  return notes.put(NAME, JSON.stringify(note));
}

/** Forgets it. */
export function removeTimerNote(notes: ProviderNotes): Promise<void> {
  return notes.remove(NAME);
}
