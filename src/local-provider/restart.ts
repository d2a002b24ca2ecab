import { ok, type Result } from '../base/result.ts';
import { OWED_RESTART_PATH, type StateItem } from '../model/checkpoint/capture.ts';
import type { Applied, ProviderIo } from '../ports/provider.ts';
import { runSuccessfully } from './run-successfully.ts';

/** A command that makes the owner of changed files take notice of them. */
export interface Restart {
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** One change of files, and how their owner takes notice of it. */
export interface NoticedChange {
  /** Whether anybody must take notice at all. */
  readonly owes: boolean;
  /** Changes the files; calls `beforeChange` before the first change that others can see. */
  change(beforeChange: () => Promise<void>): Promise<Result<Applied | { readonly kind: 'equal' }>>;
  /** Makes the owner take notice. `isOwed`: files changed, now or before a crash. */
  notice(isOwed: boolean): Promise<Applied>;
}

const NOTE = 'restart-owed';

/**
 * Changes files and lets their owner take notice. That this is owed is noted durably before the
 * first change and forgotten once it happened. Until then the state differs from every other by an
 * item of its own, so that a crash between the last file and the restart is found by looking, as
 * any other half-done step.
 */
export async function changeAndNotice(
  { owes, change, notice }: NoticedChange,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const wasOwed = await isOwed(owes, io);
  const changed = await change(async () => {
    if (owes) await io.notes.put(NOTE, 'files were changed');
  });
  if (!changed.ok) return changed;
  const { value } = changed;
  if (value.kind !== 'done' && value.kind !== 'equal') return ok(value);
  // What is meant to stay unnoticed is owed no more, whatever a crash before left behind.
  if (!owes && (await isOwed(true, io))) await io.notes.remove(NOTE);
  const mustNotice = owes && (wasOwed || value.kind === 'done');
  const noticed = await notice(mustNotice);
  if (mustNotice && noticed.kind === 'done') await io.notes.remove(NOTE);
  return ok(noticed);
}

/** The item of an owed restart, if one is owed. */
export async function owedRestart(owes: boolean, io: ProviderIo): Promise<readonly StateItem[]> {
  if (!(await isOwed(owes, io))) return [];
  return [{ path: OWED_RESTART_PATH, attributes: { type: 'restart-owed' } }];
}

async function isOwed(owes: boolean, io: ProviderIo): Promise<boolean> {
  return owes && (await io.notes.get(NOTE)) !== undefined;
}

/** Restarts, if that is how the owner takes notice. Nobody knows how far a failed one came. */
export async function runRestart(restart: Restart | undefined, io: ProviderIo): Promise<Applied> {
  if (restart === undefined) return { kind: 'done' };
  const ran = await runSuccessfully(restart.command, { timeoutMs: restart.timeoutMs }, io);
  return ran.ok ? { kind: 'done' } : { kind: 'unknown', why: `restart: ${ran.error.detail}` };
}
