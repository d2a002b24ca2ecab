import { setTimeout as delay } from 'node:timers/promises';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { Keyring } from '../../ports/keyring.ts';
import type { PendingRevert, ProviderCapabilities } from '../../ports/provider.ts';
import { endProcess, isAlive, isStopped } from '../process-table.ts';
import { TurnTaking } from '../turn-taking.ts';
import type { DeadManNews } from './dead-man-news.ts';
import { replaceableBlobs, type BlobSource } from './guarded-content.ts';
import { KeepArmed } from './keep-armed.ts';
import { moveDeadline } from './move-deadline.ts';
import {
  deadManFolder,
  isRunFolderName,
  openRunFolders,
  runFolderName,
  type GuardedState,
  type Report,
  type RunFolder,
} from './run-folder.ts';
import { Spare } from './spare.ts';
import type { DeadManLauncher } from './start-dead-man.ts';

/** What a dead-man is told about one state. */
export interface ArmOrder {
  readonly run: string;
  readonly seconds: number;
  readonly token: number;
  readonly guarded: GuardedState;
}

/** What a run is about to do to one state. */
export interface IntendedChange {
  readonly run: string;
  readonly state: string;
  readonly desired: BlobHash;
}

/** The dead-men of a host runner: one process a run, for states whose target has no timer. */
export interface DeadMen {
  readonly survives: ProviderCapabilities['confirmSurvives'];
  /**
   * The run will arm soon: its process is started ahead, so that nobody waits while it starts. Not
   * being able to is no failure: arming starts one, and tells.
   */
  expect(run: string): Promise<void>;
  /** A plan was made that a run may come of: a process is kept in waiting for it; see `Spare`. */
  keepSpare(): void;
  /** The run will not: what was started ahead ends and leaves nothing. Idempotent. */
  forgo(run: string): Promise<void>;
  /** Answers once the process has said, durably, that it can put this state back too. */
  arm(order: ArmOrder, blobs: BlobSource, signal: AbortSignal): Promise<Result<void>>;
  /** Gives the run at least so many seconds from now; see `moveDeadline`. */
  extend(run: string, seconds: number): Promise<Result<void>>;
  /**
   * Asked before a state is changed on behalf of a run. To T it may be only while a dead-man
   * watches: one that is gone is replaced first. The way back to P needs none.
   */
  allow(change: IntendedChange, signal: AbortSignal): Promise<Result<void>>;
  /** The dead-men that watch over a state. */
  pending(state: string): Promise<readonly PendingRevert[]>;
  /**
   * Ends the watch of a run, whoever is faster. After `confirmed` no dead-man of the run writes any
   * more, not even one that was stopped and wakes up; `already-reverted` when it was faster.
   */
  confirm(run: string): Promise<'confirmed' | 'already-reverted'>;
  /** Ends the watch, waits for a dead-man that is at work, and forgets it. Answers what it did. */
  cancel(run: string, signal: AbortSignal): Promise<Result<Report | undefined>>;
  /** Another daemon drives the run with a newer token: its dead-man goes on for that one. */
  renew(run: string, token: number): Promise<void>;
  /** Leaves those that watch alone from now on. */
  stop(): Promise<void>;
}

/** How often it is looked whether a process has answered or ended. */
const LOOK_MS = 20;

/** A host that may run for a year keeps no more than these from runs that nobody ended. */
export const FOLDERS_MAX = 1_000;

/** What dead-men need of their host runner. */
export interface DeadMenParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the dead-men below a runner's folder. `tell` hears of those that end before their time. */
export async function openDeadMen(
  parts: DeadMenParts,
  launcher: DeadManLauncher,
  tell: (news: DeadManNews) => void,
): Promise<DeadMen> {
  const { disk, folder, keyring, clock, log } = parts;
  const open = await openRunFolders(disk, folder, keyring);
  const folderOf = (run: string): RunFolder => open(runFolderName(run));
  // Who is given more time while he is forgotten would be written down anew.
  const turns = new TurnTaking();
  const watchOf = (run: string): string => run;
  const spare = launcher.spare && new Spare(launcher.spare, clock, log);
  const watch = { over: 'states', watchOf, folderOf } as const;
  const keeper = new KeepArmed({ ...watch, launcher, spare, clock, log, tell });
  return {
    survives: launcher.survives,
    expect: (run) => keeper.expect(run),
    keepSpare: () => spare?.keep(),
    forgo: (run) => forgo(run, folderOf(run), keeper),
    async arm(order, blobs, signal) {
      const kept = await keep(folderOf(order.run), order, blobs, clock);
      return kept.ok ? keeper.arm(order.run, signal) : kept;
    },
    extend: (run, seconds) =>
      turns.take(run, () => moveDeadline(folderOf(run), run, seconds, clock)),
    async allow({ run, state, desired }, signal) {
      const file = await folderOf(run).readRun();
      const guarded = file?.states.find((one) => one.state.id === state);
      if (guarded === undefined || guarded.wanted !== desired) return ok(undefined);
      return keeper.arm(run, signal);
    },
    pending: (state) => pendingOf(state, parts, open),
    async confirm(run) {
      const at = folderOf(run);
      if ((await at.end('disarmed')) === 'fired') return 'already-reverted';
      await keeper.leave(run);
      await turns.take(run, () => forget(at));
      return 'confirmed';
    },
    async cancel(run, signal) {
      const at = folderOf(run);
      if ((await at.end('disarmed')) === 'fired') {
        const ended = await whenDone(at, signal);
        if (!ended.ok) return ended;
      }
      await keeper.leave(run);
      const report = await at.readReport();
      await turns.take(run, () => forget(at));
      return ok(report);
    },
    async renew(run, token) {
      const at = folderOf(run);
      const file = await at.readRun();
      if (file !== undefined && token > file.token) await at.writeRun({ ...file, token });
      await keeper.adopt(run);
    },
    stop: () => keeper.stop(),
  };
}

/** Ends who was started ahead; who has an order is the run's to end. */
async function forgo(run: string, at: RunFolder, keeper: KeepArmed): Promise<void> {
  if ((await at.readRun()) !== undefined) return;
  await keeper.leave(run);
  await forget(at);
}

/** Makes durable all that the process needs. */
async function keep(
  at: RunFolder,
  { run, seconds, token, guarded }: ArmOrder,
  blobs: BlobSource,
  clock: Clock,
): Promise<Result<void>> {
  if ((await at.readEnd()) !== undefined) {
    return err(lgError('LG_PROVIDER_TIMER', `the dead-man of ${run} was ended already`));
  }
  const file = (await at.readRun()) ?? {
    run,
    deadline: { set: instantOf(clock), afterMs: seconds * 1000 },
    token,
    states: [],
  };
  const known = file.states.findIndex(({ state }) => state.id === guarded.state.id);
  if (known >= 0) return ok(undefined);
  const needed = await replaceableBlobs(guarded, blobs);
  if (!needed.ok) return needed;
  for (const hash of needed.value) {
    if (await at.hasBlob(hash)) continue;
    const bytes = await blobs.getBlob(hash);
    if (!bytes.ok) return bytes;
    await at.putBlob(hash, bytes.value);
  }
  await at.writeRun({ ...file, token, states: [...file.states, guarded] });
  return ok(undefined);
}

async function pendingOf(
  state: string,
  { disk, folder, clock }: DeadMenParts,
  open: (name: string) => RunFolder,
): Promise<readonly PendingRevert[]> {
  const names = (await disk.list(deadManFolder(folder))).slice(0, FOLDERS_MAX);
  const found: PendingRevert[] = [];
  for (const name of names.filter(isRunFolderName)) {
    const timer = await watchOver(open(name), state, clock);
    if (timer !== undefined) found.push(timer);
  }
  return found;
}

async function watchOver(
  at: RunFolder,
  state: string,
  clock: Clock,
): Promise<PendingRevert | undefined> {
  const armed = await at.readArmed();
  if (armed === undefined || !isAlive(armed) || (await at.readEnd()) === 'disarmed')
    return undefined;
  const file = await at.readRun();
  if (!file?.states.some((one) => one.state.id === state)) return undefined;
  const seconds = Math.ceil(remainingMs(file.deadline, instantOf(clock)) / 1000);
  return { run: file.run, seconds };
}

/** A dead-man at work is waited for: killed half-way, it would leave a state torn. */
export async function whenDone(at: RunFolder, signal: AbortSignal): Promise<Result<void>> {
  for (;;) {
    const armed = await at.readArmed();
    if (armed === undefined || !isAlive(armed)) return ok(undefined);
    if (isStopped(armed.pid)) endProcess(armed);
    if (signal.aborted) {
      return err(lgError('LG_PROVIDER_TIMER', `the dead-man ${armed.pid} is still reverting`));
    }
    await delay(LOOK_MS);
  }
}

/** Its end is decided and durable, so a process that lives on reads it and does nothing more. */
export async function forget(at: RunFolder): Promise<void> {
  const armed = await at.readArmed();
  if (armed !== undefined) endProcess(armed);
  await at.remove();
}
