import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { ownControlGroups } from '../../linux/live/own-groups.ts';
import { isExpired } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import { isAlive, ownIdentity } from '../process-table.ts';
import { replaceableBlobs } from './guarded-content.ts';
import {
  watchedBy,
  type GuardedState,
  type Outcome,
  type Report,
  type RunFile,
  type RunFolder,
} from './run-folder.ts';

/** What a dead-man is made of. */
export interface StandByParts {
  readonly at: RunFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Started before there is anything to watch over: its order is waited for. */
  readonly isAhead: boolean;
  /** Brings one state back to P; never throws. */
  readonly putBack: (guarded: GuardedState, token: number) => Promise<Outcome>;
  /** Holds the locks that the file names, and no others; whether it has them all by now. */
  readonly hold: (file: RunFile) => boolean;
  /** Lets everybody go on who was paused for the run. */
  readonly thaw: () => Promise<void>;
}

/** How often it looks at its deadline and at its folder: late by this much at most. */
const LOOK_MS = 200;

/** While somebody waits for its word it looks this often … */
const EAGER_LOOK_MS = 20;
/** … which is as long as states may still be added one after the other. */
const EAGER_MS = 2_000;

/** Preparing is done within seconds; where it takes longer, arming starts another one. */
export const AHEAD_MS_MAX = 60_000;

/**
 * Watches over a run until it is disarmed or its deadline has passed; then puts every state back,
 * last one first. Answers what it did; undefined when there was nothing to do. A process that was
 * stopped and wakes up late looks at the very same things: it fires late, or not any more.
 */
export async function standBy(parts: StandByParts): Promise<Report | undefined> {
  const { at, clock, log, signal } = parts;
  if (parts.isAhead && !(await hasOrder(parts))) return undefined;
  let watched = 0;
  let grownMs = clock.uptimeMs();
  for (;;) {
    // Before the file: by the time it was read, what it says had passed; see `moveDeadline`.
    const now = instantOf(clock);
    const file = await at.readRun();
    if (file === undefined || (await at.readEnd()) !== undefined) return undefined;
    if (signal.aborted || (await isAnothers(at))) return undefined;
    const isHeld = parts.hold(file);
    if (isHeld && watchedBy(file) > watched) {
      watched = await sayReady(at, file);
      grownMs = clock.uptimeMs();
    }
    if (isExpired(file.deadline, now)) break;
    await pause(clock.uptimeMs() - grownMs < EAGER_MS ? EAGER_LOOK_MS : LOOK_MS, clock);
  }
  if ((await at.end('fired')) !== 'fired') return undefined;
  // Read anew: nobody moves it any more, and it names the newest token.
  const file = await at.readRun();
  if (file === undefined) return undefined;
  log.warn('DeadManFired', { run: file.run, states: file.states.length });
  const report: Record<string, Outcome> = {};
  for (const guarded of file.states.toReversed()) {
    report[guarded.state.id] = await parts.putBack(guarded, file.token);
  }
  await parts.thaw().catch((thrown: unknown) => {
    log.error('DeadManThawError', { run: file.run, why: messageOf(thrown) });
  });
  await at.writeReport(report);
  log.warn('DeadManDone', { run: file.run, ...report });
  return report;
}

/** Waits for what it was started ahead of; a run that ends without it leaves nothing. */
async function hasOrder({ at, clock, signal }: StandByParts): Promise<boolean> {
  const untilMs = clock.uptimeMs() + AHEAD_MS_MAX;
  while (!signal.aborted && clock.uptimeMs() < untilMs) {
    if ((await at.readRun()) !== undefined) return true;
    await pause(EAGER_LOOK_MS, clock);
  }
  await at.removeUnused();
  return false;
}

/** Whether another one said last that it watches over this run: two would both put back. */
async function isAnothers(at: RunFolder): Promise<boolean> {
  const armed = await at.readArmed();
  return armed !== undefined && armed.pid !== process.pid && isAlive(armed);
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** Says it is ready once it has read everything it will need. Throws when something is missing. */
async function sayReady(at: RunFolder, file: RunFile): Promise<number> {
  for (const guarded of file.states) {
    const needed = await replaceableBlobs(guarded, at);
    if (!needed.ok) throw needed.error;
    for (const hash of needed.value) {
      const bytes = await at.getBlob(hash);
      if (!bytes.ok) throw bytes.error;
    }
  }
  const states = watchedBy(file);
  await at.writeArmed({ ...ownIdentity(), states, cgroup: ownControlGroups() });
  return states;
}
