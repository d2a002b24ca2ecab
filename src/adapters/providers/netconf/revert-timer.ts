import { err, ok, type Result } from '../../../base/result.ts';
import { fingerprintOf } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { isExpired, remainingMs } from '../../../model/run/instant.ts';
import { instantOf } from '../../../ports/clock.ts';
import type { ArmTask, PendingRevert, ProviderIo, RevertTimer } from '../../../ports/provider.ts';
import { imageOf, readDatastore } from './datastore.ts';
import { nameOf, type NetconfSpec } from './netconf-spec.ts';
import {
  cancelOperation,
  confirmedCommit,
  isTimerOver,
  isTimerPending,
  persistId,
  saveRunning,
  withCandidate,
} from './operations.ts';
import { refusalError } from './rpc-error.ts';
import { inSession, type Session } from './session.ts';
import { readTimerNote, removeTimerNote, writeTimerNote, type TimerNote } from './timer-note.ts';

/** `confirm-timeout` is a uint32. */
const SECONDS_MAX = 2 ** 32 - 1;

/**
 * The device's own timer: a confirmed commit that changes nothing starts it, under an id made of
 * the run (RFC 6241, 8.4: `persist`), so it outlives our session and us. The run's changes are
 * further confirmed commits under that id; unless the run is confirmed the device goes back to
 * where it was before the first. What it starts with is written by the confirmation alone, so that
 * a restart in between goes back too.
 */
export const confirmedCommitTimer: RevertTimer<NetconfSpec> = {
  arm: (spec, task, io) => inSession(spec, io, (session) => arm({ spec, io, session }, task)),
  extend: (spec, run, seconds, io) =>
    inSession(spec, io, (session) => extend({ spec, io, session }, run, seconds)),
  pending: (spec, io) => inSession(spec, io, (session) => pending(session, io)),
  confirm: (spec, run, io) => inSession(spec, io, (session) => confirm({ spec, io, session }, run)),
  cancel: (spec, run, io) => inSession(spec, io, (session) => cancel({ spec, io, session }, run)),
};

interface Place {
  readonly spec: NetconfSpec;
  readonly io: ProviderIo;
  readonly session: Session;
}

async function arm({ spec, io, session }: Place, task: ArmTask): Promise<Result<void>> {
  const { run, seconds, before } = task;
  const known = await readTimerNote(io.notes);
  const isBusy = await isTimerPending(session);
  if (!isBusy.ok) return isBusy;
  if (isBusy.value) {
    if (known?.run === run && known.phase === 'armed') return ok(undefined);
    return err(timerError(spec, 'a confirmed commit of somebody else waits for its confirmation'));
  }
  if (seconds > SECONDS_MAX) return tooLong(spec, seconds);
  const fingerprint = fingerprintOf(before);
  return withCandidate(spec, session, io, async () => {
    const now = await fingerprintNow({ spec, io, session });
    if (!now.ok) return now;
    if (now.value !== fingerprint) {
      const what = `${nameOf(spec)}: changed by somebody else before its timer was armed`;
      return err(lgError('LG_PROVIDER_FOREIGN_CHANGE', what));
    }
    const deadline = { set: instantOf(io.clock), afterMs: seconds * 1000 };
    await writeTimerNote(io.notes, { run, phase: 'armed', deadline, before: fingerprint });
    const operation = confirmedCommit(persistId(run), Math.ceil(seconds), 'first');
    const started = await session.ask('starting its timer', operation);
    if (!started.ok) return started;
    const isArmed = await isTimerPending(session);
    if (!isArmed.ok) return isArmed;
    if (isArmed.value) return ok(undefined);
    await removeTimerNote(io.notes);
    return err(timerError(spec, 'it starts no timer with a commit that changes nothing'));
  });
}

async function extend(
  { spec, io, session }: Place,
  run: string,
  seconds: number,
): Promise<Result<void>> {
  const note = await readTimerNote(io.notes);
  if (note?.run !== run || note.phase !== 'armed') {
    return err(timerError(spec, `run ${run} has none there`));
  }
  const set = instantOf(io.clock);
  if (isExpired(note.deadline, set)) return err(timerError(spec, `the time of run ${run} is up`));
  if (remainingMs(note.deadline, set) >= seconds * 1000) {
    const isArmed = await isTimerPending(session);
    if (!isArmed.ok) return isArmed;
    if (isArmed.value) return ok(undefined);
    return err(timerError(spec, `the one of run ${run} is over`));
  }
  if (seconds > SECONDS_MAX) return tooLong(spec, seconds);
  return withCandidate(spec, session, io, async () => {
    const operation = confirmedCommit(persistId(run), Math.ceil(seconds), 'further');
    const moved = await session.ask('moving the deadline', operation);
    if (!moved.ok) return moved;
    const deadline = { set, afterMs: seconds * 1000 };
    await writeTimerNote(io.notes, { ...note, deadline });
    return ok(undefined);
  });
}

async function pending(
  session: Session,
  io: ProviderIo,
): Promise<Result<readonly PendingRevert[]>> {
  const isPending = await isTimerPending(session);
  if (!isPending.ok) return isPending;
  if (!isPending.value) return ok([]);
  const note = await readTimerNote(io.notes);
  const at = instantOf(io.clock);
  // Ours would have fired by now, or is over: what is pending is somebody else's.
  const isOurs = note?.phase === 'armed' || note?.phase === 'confirming';
  if (note === undefined || !isOurs || isExpired(note.deadline, at)) return ok([{}]);
  return ok([{ run: note.run, seconds: Math.ceil(remainingMs(note.deadline, at) / 1000) }]);
}

async function confirm(
  place: Place,
  run: string,
): Promise<Result<'confirmed' | 'already-reverted'>> {
  const { spec, io, session } = place;
  const note = await readTimerNote(io.notes);
  if (note?.run !== run || note.phase === 'canceled') return ok('already-reverted');
  if (note.phase === 'confirmed') return saved(place);
  const isPending = await isTimerPending(session);
  if (!isPending.ok) return isPending;
  if (!isPending.value) return alreadyOver(place, note);
  return withCandidate(spec, session, io, async () => {
    await writeTimerNote(io.notes, { ...note, phase: 'confirming' });
    const operation = `<commit><persist-id>${persistId(run)}</persist-id></commit>`;
    const answer = await session.try(operation);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'refused') {
      const { error } = answer.value;
      // A wrong id where something is pending, or nothing pending any more: ours is over.
      const isOver = await isTimerOver(session, error);
      if (!isOver.ok) return isOver;
      if (isOver.value) return alreadyOver(place, note);
      return err(refusalError(`${nameOf(spec)}: the confirming commit`, error));
    }
    await writeTimerNote(io.notes, { ...note, phase: 'confirmed' });
    return saved(place);
  });
}

/** Nothing of the run is pending: it fired, unless the answer to our confirmation was lost. */
async function alreadyOver(
  place: Place,
  note: TimerNote,
): Promise<Result<'confirmed' | 'already-reverted'>> {
  if (note.phase !== 'confirming') return ok('already-reverted');
  const now = await fingerprintNow(place);
  if (!now.ok) return now;
  if (now.value === note.before) return ok('already-reverted');
  await writeTimerNote(place.io.notes, { ...note, phase: 'confirmed' });
  return saved(place);
}

async function saved({ spec, session }: Place): Promise<Result<'confirmed'>> {
  const kept = await saveRunning(spec, session);
  return kept.ok ? ok('confirmed') : kept;
}

async function cancel({ spec, io, session }: Place, run: string): Promise<Result<void>> {
  const note = await readTimerNote(io.notes);
  const answer = await session.try(cancelOperation(persistId(run)));
  if (!answer.ok) return answer;
  if (answer.value.kind === 'refused') {
    const { error } = answer.value;
    const isOver = await isTimerOver(session, error);
    if (!isOver.ok) return isOver;
    if (!isOver.value) return err(refusalError(`${nameOf(spec)}: ending its timer`, error));
  }
  if (note?.run === run && note.phase !== 'confirmed') {
    await writeTimerNote(io.notes, { ...note, phase: 'canceled' });
  }
  return ok(undefined);
}

async function fingerprintNow({ spec, io, session }: Place): Promise<Result<string>> {
  const running = await readDatastore('running', spec, session);
  if (!running.ok) return running;
  const image = await imageOf(running.value, spec, false, io);
  return image.ok ? ok(fingerprintOf(image.value)) : image;
}

function tooLong(spec: NetconfSpec, seconds: number): Result<never> {
  return err(timerError(spec, `it waits at most ${SECONDS_MAX} s, not ${seconds} s`));
}

function timerError(spec: NetconfSpec, why: string) {
  return lgError('LG_PROVIDER_TIMER', `${nameOf(spec)}: ${why}`);
}
