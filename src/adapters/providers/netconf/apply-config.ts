import { err, ok, type Result } from '../../../base/result.ts';
import { foreignChange } from '../../../filetree/foreign-change.ts';
import { fingerprintOf, stateImage, type StateImage } from '../../../model/checkpoint/capture.ts';
import { instantOf } from '../../../ports/clock.ts';
import { remainingMs } from '../../../model/run/instant.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../../ports/provider.ts';
import { imageOf, readDatastore } from './datastore.ts';
import { editOperation, editsTo, wantedOf, type Wanted } from './edit-config.ts';
import { can } from './hello.ts';
import { isOwned, type NetconfSpec } from './netconf-spec.ts';
import { confirmedCommit, persistId, saveRunning, withCandidate } from './operations.ts';
import { inSession, type Session } from './session.ts';
import { readTimerNote } from './timer-note.ts';

/**
 * Brings the nodes to their desired form by one commit, which the device does or leaves. Under the
 * timer of a run it is a further confirmed commit with the run's id, which keeps the deadline and
 * goes back to where the first one began; without one it is final, and is saved for the next start.
 */
export async function applyConfig(
  spec: NetconfSpec,
  task: ApplyTask,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const commit = await commitFor(task, io);
  if (typeof commit === 'string') return ok({ kind: 'failed-clean', why: commit });
  const wanted = await wantedOf(task.desired, task.paths, spec, io);
  if (!wanted.ok) return ok({ kind: 'failed-clean', why: wanted.error.detail });
  return inSession(spec, io, (session) =>
    withCandidate(spec, session, io, () =>
      change({ spec, task, io, session, commit, wanted: wanted.value }),
    ),
  );
}

/** How the change is committed, asked for right before it. */
interface Commit {
  readonly isFinal: boolean;
  /** Undefined: the deadline is over. */
  operation(): string | undefined;
}

interface Work {
  readonly spec: NetconfSpec;
  readonly task: ApplyTask;
  readonly io: ProviderIo;
  readonly session: Session;
  readonly commit: Commit;
  readonly wanted: Wanted;
}

/** Why it cannot be committed, in words; or how. */
async function commitFor({ run }: ApplyTask, io: ProviderIo): Promise<Commit | string> {
  const plain = { isFinal: true, operation: () => '<commit/>' };
  if (run === undefined) return plain;
  const note = await readTimerNote(io.notes);
  // Nothing of a run is changed without its timer, unless that has done its work already.
  if (note?.run !== run) return `the device’s timer of run ${run} is not known here`;
  if (note.phase === 'confirmed' || note.phase === 'canceled') return plain;
  return {
    isFinal: false,
    operation: () => {
      const leftMs = remainingMs(note.deadline, instantOf(io.clock));
      if (leftMs === 0) return undefined;
      return confirmedCommit(persistId(run), Math.ceil(leftMs / 1000), 'further');
    },
  };
}

async function change(work: Work): Promise<Result<Applied>> {
  const { spec, task, io, session, commit, wanted } = work;
  const running = await readDatastore('running', spec, session);
  if (!running.ok) return running;
  const image = await imageOf(running.value, spec, false, io);
  if (!image.ok) return image;
  const foreign = foreignChange(task, image.value);
  if (foreign !== undefined) return err(foreign);
  const edits = editsTo(wanted, running.value);
  if (edits.length > 0) {
    const edit = editOperation(edits, running.value, session.hello, 'set');
    if (!edit.ok) return ok({ kind: 'failed-clean', why: edit.error.detail });
    const edited = await session.ask('editing the candidate', edit.value);
    if (!edited.ok) return failedClean(session, edited.error.detail);
    io.signal.throwIfAborted();
    const operation = commit.operation();
    if (operation === undefined) return failedClean(session, 'the deadline of the run is over');
    const committed = await session.try(operation);
    if (!committed.ok) return ok({ kind: 'unknown', why: committed.error.detail });
    if (committed.value.kind === 'refused') {
      return failedClean(session, `the commit: ${committed.value.error.words}`);
    }
    const left = await leftUndone(work, image.value);
    if (left !== undefined) return ok({ kind: 'unknown', why: left });
  }
  if (!commit.isFinal) return ok({ kind: 'done' });
  const saved = await saveRunning(spec, session);
  return ok(saved.ok ? { kind: 'done' } : { kind: 'unknown', why: saved.error.detail });
}

async function failedClean(session: Session, why: string): Promise<Result<Applied>> {
  await session.try('<discard-changes/>');
  return ok({ kind: 'failed-clean', why });
}

/** What a commit that was answered with ok did not do, in words. */
async function leftUndone(
  { spec, task, io, session }: Work,
  before: StateImage,
): Promise<string | undefined> {
  const read = await readDatastore('running', spec, session);
  if (!read.ok) return read.error.detail;
  const now = await imageOf(read.value, spec, false, io);
  if (!now.ok) return now.error.detail;
  const wanted = predicted(before, task);
  if (fingerprintOf(now.value) === fingerprintOf(wanted)) return undefined;
  return 'the device answered ok, and its configuration is not what was committed';
}

function predicted(before: StateImage, { desired, paths }: ApplyTask): StateImage {
  const moved = new Set(paths);
  return stateImage([
    ...before.items.filter(({ path }) => !moved.has(path)),
    ...desired.items.filter(({ path }) => moved.has(path)),
  ]);
}

/** See `Provider.validate`: the edit is tried on the device, which leaves everything as it is. */
export async function validateConfig(
  spec: NetconfSpec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const paths = desired.items.map(({ path }) => path);
  const wanted = await wantedOf(desired, paths, spec, io);
  if (!wanted.ok) return ok([wanted.error.detail]);
  return inSession(spec, io, async (session) => {
    const running = await readDatastore('running', spec, session);
    if (!running.ok) return running;
    const gone = [...running.value.keys()].filter(
      (path) => isOwned(spec, path) && !wanted.value.has(path),
    );
    const all = new Map([...wanted.value, ...gone.map((path) => [path, undefined] as const)]);
    const edits = editsTo(all, running.value);
    // Only this version of it knows `test-only` (RFC 6241, 8.6).
    if (edits.length === 0 || !can(session.hello, 'validate:1.1')) return ok([]);
    const operation = editOperation(edits, running.value, session.hello, 'test');
    if (!operation.ok) return ok([operation.error.detail]);
    const tested = await session.ask('trying the edit', operation.value);
    return ok(tested.ok ? [] : [tested.error.detail]);
  });
}
