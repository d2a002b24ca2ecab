import { err, ok, type Result } from '../../../base/result.ts';
import { waited } from '../../../base/waited.ts';
import { differingNodes, readDatastore, type Datastore } from './datastore.ts';
import { can } from './hello.ts';
import { nameOf, type NetconfSpec } from './netconf-spec.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { refusalError, type RpcError } from './rpc-error.ts';
import type { Session, SessionIo } from './session.ts';
import { escapeXml } from './xml/write-xml.ts';

/** A session that was killed may hold its lock until the device notices: that takes moments. */
const LOCK_TRIES = 10;
const LOCK_PAUSE_MS = 300;

/**
 * Takes the candidate for itself: nobody else can edit or commit it until `work` has ended. A lock
 * that somebody holds, and edits that nobody committed, are refusals. While a confirmed commit is
 * pending some devices give no lock at all (Yuma); then nobody can commit without its persist id,
 * and that the candidate holds nothing of anybody's is looked at instead.
 */
export async function withCandidate<Value>(
  spec: NetconfSpec,
  session: Session,
  io: SessionIo,
  work: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const locked = await lockCandidate(spec, session, io);
  if (!locked.ok) return locked;
  try {
    if (!locked.value) {
      const clean = await requireClean(spec, session);
      if (!clean.ok) return clean;
    }
    const ended = await work();
    // What was not committed is ours; left behind it would go with somebody else's commit.
    if (!ended.ok) await session.try('<discard-changes/>');
    return ended;
  } finally {
    if (locked.value) await session.try('<unlock><target><candidate/></target></unlock>');
  }
}

/** Whether there is a lock now; an error where somebody else has it. */
async function lockCandidate(
  spec: NetconfSpec,
  session: Session,
  io: SessionIo,
): Promise<Result<boolean>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await session.try('<lock><target><candidate/></target></lock>');
    if (!answer.ok) return answer;
    if (answer.value.kind === 'answered') return ok(true);
    const { error } = answer.value;
    if (error.tag === 'in-use') {
      const isPending = await isTimerPending(session);
      if (!isPending.ok) return isPending;
      if (isPending.value) return ok(false);
    }
    if (error.tag !== 'lock-denied' || tries >= LOCK_TRIES) {
      return err(refusalError(`${nameOf(spec)}: locking the candidate`, error));
    }
    await waited(LOCK_PAUSE_MS, io.clock, io.signal);
    io.signal.throwIfAborted();
  }
}

async function requireClean(spec: NetconfSpec, session: Session): Promise<Result<void>> {
  const everything = withoutNodes(spec);
  const running = await readDatastore('running', everything, session);
  if (!running.ok) return running;
  const candidate = await readDatastore('candidate', everything, session);
  if (!candidate.ok) return candidate;
  const [path] = differingNodes(running.value, candidate.value, everything);
  if (path === undefined) return ok(undefined);
  const what = `${nameOf(spec)}: the candidate holds edits of ${path} that nobody committed`;
  return err(lgError('LG_PROVIDER_DEVICE_BUSY', what));
}

/** As if every node were part of the state: a commit takes them all. */
function withoutNodes({ nodes: _nodes, ...spec }: NetconfSpec): NetconfSpec {
  return spec;
}

/**
 * Whether a confirmed commit of anybody is pending. NETCONF has no question for it, but a cancel
 * with an id that nobody used is refused differently: as a wrong value where one is pending.
 */
export async function isTimerPending(session: Session): Promise<Result<boolean>> {
  const id = `lastgood-asks-${crypto.randomUUID()}`;
  const answer = await session.try(cancelOperation(id));
  if (!answer.ok) return answer;
  return ok(answer.value.kind === 'refused' && answer.value.error.tag === 'invalid-value');
}

/** Whether an operation under a run's id was refused because nothing of that run is pending. */
export async function isTimerOver(session: Session, refused: RpcError): Promise<Result<boolean>> {
  if (refused.tag === 'invalid-value') return ok(true);
  const isPending = await isTimerPending(session);
  return isPending.ok ? ok(!isPending.value) : isPending;
}

/** Under which run's id a confirmed commit is kept. */
export function persistId(run: string): string {
  return `lastgood-${run}`;
}

/** Takes a confirmed commit back, by its id. */
export function cancelOperation(id: string): string {
  return `<cancel-commit><persist-id>${escapeXml(id)}</persist-id></cancel-commit>`;
}

/** Commits for the time being: first under a new id, later on under the one there is. */
export function confirmedCommit(id: string, seconds: number, which: 'first' | 'further'): string {
  const name = which === 'first' ? 'persist' : 'persist-id';
  const timeout = `<confirm-timeout>${seconds}</confirm-timeout>`;
  return `<commit><confirmed/>${timeout}<${name}>${escapeXml(id)}</${name}></commit>`;
}

/** Makes what runs the configuration the device starts with, where it has such a second one. */
export async function saveRunning(spec: NetconfSpec, session: Session): Promise<Result<void>> {
  const drift = await startupDrift(spec, session);
  if (!drift.ok) return drift;
  if (drift.value.length === 0) return ok(undefined);
  const operation =
    '<copy-config><target><startup/></target><source><running/></source></copy-config>';
  const saved = await session.ask('copying running to startup', operation);
  return saved.ok ? ok(undefined) : saved;
}

/** Nodes that are other ones in the configuration the device starts with; none without one. */
export async function startupDrift(
  spec: NetconfSpec,
  session: Session,
  known?: Datastore,
): Promise<Result<readonly string[]>> {
  if (!can(session.hello, 'startup:1.0')) return ok([]);
  const running = known === undefined ? await readDatastore('running', spec, session) : ok(known);
  if (!running.ok) return running;
  const startup = await readDatastore('startup', spec, session);
  if (!startup.ok) return startup;
  return ok(differingNodes(running.value, startup.value, spec));
}
