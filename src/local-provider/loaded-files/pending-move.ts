import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderIo } from '../../ports/provider.ts';
import { findProgram } from './running-program.ts';
import type { LoadedSpec } from './loaded-spec.ts';

/** The note that a program was told to load, start or stop, and as what it ran before. */
const NOTE = 'moving';

/** Between two looks at a program that is on its way. */
const LOOK_MS = 20;

/** It checked its files before: what still makes a load fail does so in the first moments. */
const STEADY_MS = 100;

/** The load that a program runs by; `stopped` when it does not run. */
export function loadNow({ pidFile, program }: LoadedSpec, io: Pick<ProviderIo, 'clock'>): string {
  return findProgram(pidFile, program, io.clock)?.load ?? 'stopped';
}

/**
 * Tells a program to load, start or stop and waits until it did; false when it did not in time. A
 * program does so by itself and later, so that it is about to is noted durably before.
 */
export async function moveProgram(
  spec: LoadedSpec,
  tell: () => Promise<void>,
  isThere: (load: string) => boolean,
  io: ProviderIo,
): Promise<boolean> {
  await io.notes.put(NOTE, loadNow(spec, io));
  try {
    await tell();
    return await steadily(spec, isThere, io);
  } finally {
    // Cut short, it may still be on its way: the next look waits for it.
    if (!io.signal.aborted) await io.notes.remove(NOTE);
  }
}

/** After a crash of ours a program may still be on its way: a look now would see it move. */
export async function awaitMove(spec: LoadedSpec, io: ProviderIo): Promise<void> {
  const before = await io.notes.get(NOTE);
  if (before === undefined) return;
  await steadily(spec, (load) => load !== before, io);
  await io.notes.remove(NOTE);
}

/** Waits until a program is so, and stays so for a moment; false when it is not in time. */
async function steadily(
  spec: LoadedSpec,
  isThere: (load: string) => boolean,
  io: ProviderIo,
): Promise<boolean> {
  const startedMs = io.clock.uptimeMs();
  let since: number | undefined;
  for (;;) {
    const nowMs = io.clock.uptimeMs();
    since = isThere(loadNow(spec, io)) ? (since ?? nowMs) : undefined;
    if (since !== undefined && nowMs - since >= STEADY_MS) return true;
    if (nowMs - startedMs > spec.settle) return false;
    await delay(LOOK_MS, undefined, { signal: io.signal });
  }
}
