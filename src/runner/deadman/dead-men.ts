import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disk } from '../../base/disk.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { Keyring } from '../../ports/keyring.ts';
import type { PendingRevert, ProviderCapabilities } from '../../ports/provider.ts';
import { endProcess, isAlive, isStopped } from '../process-table.ts';
import { replaceableBlobs, type BlobSource } from './guarded-content.ts';
import {
  deadManFolder,
  openRunFolders,
  runFolderName,
  type GuardedState,
  type Report,
  type RunFolder,
} from './run-folder.ts';

/** How a host runner starts a dead-man, and what it outlives. */
export interface DeadManLauncher {
  /** Starts `lastgood deadman RUN` apart from us. Throws when it cannot be started. */
  launch(run: string): void;
  readonly survives: ProviderCapabilities['confirmSurvives'];
}

/** What a dead-man is told about one state. */
export interface ArmOrder {
  readonly run: string;
  readonly seconds: number;
  readonly token: number;
  readonly guarded: GuardedState;
}

/** The dead-men of a host runner: one process a run, for states whose target has no timer. */
export interface DeadMen {
  readonly survives: ProviderCapabilities['confirmSurvives'];
  /** Answers once the process has said, durably, that it can put this state back too. */
  arm(order: ArmOrder, blobs: BlobSource, signal: AbortSignal): Promise<Result<void>>;
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
}

/** How often it is looked whether a process has answered or ended. */
const LOOK_MS = 20;

/** A host that may run for a year keeps no more than these from runs that nobody ended. */
const FOLDERS_MAX = 1_000;

/** Opens the dead-men below a runner's folder. */
export async function openDeadMen(
  parts: { readonly disk: Disk; readonly folder: string; readonly keyring: Keyring },
  clock: Clock,
  launcher: DeadManLauncher,
): Promise<DeadMen> {
  const { disk, folder, keyring } = parts;
  const open = await openRunFolders(disk, folder, keyring);
  const folderOf = (run: string): RunFolder => open(runFolderName(run));
  return {
    survives: launcher.survives,
    async arm(order, blobs, signal) {
      const at = folderOf(order.run);
      const kept = await keep(at, order, blobs, clock);
      return kept.ok ? ready(at, order.run, kept.value, launcher, signal) : kept;
    },
    async pending(state) {
      const names = (await disk.list(deadManFolder(folder))).slice(0, FOLDERS_MAX);
      const found: PendingRevert[] = [];
      for (const name of names.filter((one) => /^[0-9a-f]{32}$/.test(one))) {
        const timer = await watchOver(open(name), state, clock);
        if (timer !== undefined) found.push(timer);
      }
      return found;
    },
    async confirm(run) {
      const at = folderOf(run);
      if ((await at.end('disarmed')) === 'fired') return 'already-reverted';
      await forget(at);
      return 'confirmed';
    },
    async cancel(run, signal) {
      const at = folderOf(run);
      if ((await at.end('disarmed')) === 'fired') {
        const ended = await whenDone(at, signal);
        if (!ended.ok) return ended;
      }
      const report = await at.readReport();
      await forget(at);
      return ok(report);
    },
    async renew(run, token) {
      const at = folderOf(run);
      const file = await at.readRun();
      if (file !== undefined && token > file.token) await at.writeRun({ ...file, token });
    },
  };
}

/** Makes durable all that the process needs, and answers how many states it then watches over. */
async function keep(
  at: RunFolder,
  { run, seconds, token, guarded }: ArmOrder,
  blobs: BlobSource,
  clock: Clock,
): Promise<Result<number>> {
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
  if (known >= 0) return ok(file.states.length);
  const needed = await replaceableBlobs(guarded, blobs);
  if (!needed.ok) return needed;
  for (const hash of needed.value) {
    if (await at.hasBlob(hash)) continue;
    const bytes = await blobs.getBlob(hash);
    if (!bytes.ok) return bytes;
    await at.putBlob(hash, bytes.value);
  }
  await at.writeRun({ ...file, token, states: [...file.states, guarded] });
  return ok(file.states.length + 1);
}

/** Starts the process unless it runs, and waits for its word that it watches over every state. */
async function ready(
  at: RunFolder,
  run: string,
  states: number,
  launcher: DeadManLauncher,
  signal: AbortSignal,
): Promise<Result<void>> {
  const first = await at.readArmed();
  if (first === undefined || !isAlive(first)) launcher.launch(run);
  for (;;) {
    const armed = await at.readArmed();
    if (armed !== undefined && armed.states >= states && isAlive(armed)) {
      return survivesAsSaid(run, armed.cgroup, launcher);
    }
    if (signal.aborted || (await at.readEnd()) !== undefined) {
      return err(lgError('LG_PROVIDER_TIMER', `the dead-man of ${run} did not say it is ready`));
    }
    await delay(LOOK_MS);
  }
}

/** Whoever ends the daemon ends its whole control group; what was promised must not be in it. */
function survivesAsSaid(run: string, cgroup: string, launcher: DeadManLauncher): Result<void> {
  const isApart = cgroup !== readFileSync('/proc/self/cgroup', 'utf8');
  if (isApart || !launcher.survives.includes('daemon')) return ok(undefined);
  const what = `the dead-man of ${run} was to leave the daemon's control group and did not`;
  return err(lgError('LG_PROVIDER_TIMER', what));
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
async function whenDone(at: RunFolder, signal: AbortSignal): Promise<Result<void>> {
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
async function forget(at: RunFolder): Promise<void> {
  const armed = await at.readArmed();
  if (armed !== undefined) endProcess(armed);
  await at.remove();
}
