import { messageOf } from '../../base/error.ts';
import { err, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { SourceStatus } from '../../model/store-status.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../../model/timeline-record.ts';
import type { RunningSource, SourceContext } from '../../ports/source.ts';
import { RejectRing, type KeptReject } from './reject-ring.ts';
import type { CollectionParts, SourceEntry } from './start-collection.ts';

/** Rejects kept a source, with at most 4 KiB of input each. */
const REJECTS_KEPT = 100;

/** First wait after a failure; doubled with each further one. */
const RETRY_FIRST_MS = 1_000;

/** A port that becomes free or a permission that is granted is noticed within this time. */
const RETRY_MOST_MS = 30_000;

/** How often a running source is asked whether it has failed. */
const WATCH_MS = 2_000;

/** One source under supervision. */
export interface SupervisedSource {
  readonly entry: SourceEntry;
  status(): SourceStatus;
  rejects(): readonly KeptReject[];
  /** Resolves once the first attempt to start has ended, whichever way. */
  readonly firstAttempt: Promise<void>;
  /** Idempotent; the source delivers what it took before this resolves. */
  stop(): Promise<void>;
}

/** What is known of a source while it comes and goes. */
interface Life {
  readonly entry: SourceEntry;
  readonly parts: CollectionParts;
  readonly ring: RejectRing;
  records: number;
  rejects: number;
  lastRecordAt: string | undefined;
  running: RunningSource | undefined;
  problem: string | undefined;
  failures: number;
  isStopping: boolean;
  cancel: () => void;
  /** The attempt or stop at work, so that stopping waits for it. */
  work: Promise<void>;
}

/**
 * Starts a source and keeps it going: a failed start or a source that reports `failed` is tried
 * again with growing waits, for ever, and says meanwhile what is wrong and how to mend it.
 */
export function superviseSource(entry: SourceEntry, parts: CollectionParts): SupervisedSource {
  const life: Life = {
    entry,
    parts,
    ring: new RejectRing(REJECTS_KEPT),
    records: 0,
    rejects: 0,
    lastRecordAt: undefined,
    running: undefined,
    problem: undefined,
    failures: 0,
    isStopping: false,
    cancel: () => undefined,
    work: Promise.resolve(),
  };
  life.work = attempt(life);
  return {
    entry,
    firstAttempt: life.work,
    status: () => statusOf(life),
    rejects: () => life.ring.list(),
    async stop() {
      life.isStopping = true;
      life.cancel();
      await life.work;
      await stopRunning(life);
    },
  };
}

async function attempt(life: Life): Promise<void> {
  const { entry, parts } = life;
  const started = await startGuarded(life);
  if (!started.ok) {
    life.problem = started.error.message;
    parts.log.warn('SourceStartError', { source: entry.id, code: started.error.code });
    attemptLater(life);
    return;
  }
  life.running = started.value;
  life.problem = undefined;
  parts.log.info('SourceStarted', { source: entry.id, kind: entry.kind });
  later(life, WATCH_MS, () => watch(life));
}

async function startGuarded(life: Life): Promise<Result<RunningSource>> {
  try {
    return await life.entry.source.start(life.entry.spec, contextOf(life));
  } catch (error) {
    const detail = `source ${life.entry.id}: ${messageOf(error)}`;
    return err(lgError('LG_RUNTIME_BUG', detail, error));
  }
}

async function watch(life: Life): Promise<void> {
  const status = life.running?.status();
  if (status?.state !== 'failed') {
    if (status?.state === 'running' && status.problem === undefined) life.failures = 0;
    later(life, WATCH_MS, () => watch(life));
    return;
  }
  life.problem = status.problem ?? `source ${life.entry.id} failed`;
  life.parts.log.warn('SourceFailed', { source: life.entry.id });
  await stopRunning(life);
  attemptLater(life);
}

function attemptLater(life: Life): void {
  const waitMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(life.failures, 10));
  life.failures += 1;
  later(life, waitMs, () => attempt(life));
}

function later(life: Life, waitMs: number, next: () => Promise<void>): void {
  if (life.isStopping) return;
  life.cancel = life.parts.clock.after(waitMs, () => {
    if (life.isStopping) return;
    life.work = next();
  });
}

async function stopRunning(life: Life): Promise<void> {
  const { running } = life;
  life.running = undefined;
  try {
    await running?.stop();
  } catch (error) {
    const fields = { source: life.entry.id, error: messageOf(error) };
    life.parts.log.error('SourceStopError', fields);
  }
}

function contextOf(life: Life): SourceContext {
  const { entry, parts } = life;
  return {
    id: entry.id,
    clock: parts.clock,
    log: parts.log,
    async deliver(batch, origin) {
      const receipt = await parts.store.append(batch, { source: entry.id, ...origin });
      if (!receipt.ok) return receipt;
      life.records += receipt.value.stored;
      if (receipt.value.stored === 0) return receipt;
      life.lastRecordAt = toRfc3339(parts.clock.now());
      try {
        parts.onBatch(batch);
      } catch (error) {
        // The records are durable already: detection must not make the sender repeat them.
        const fields = { source: entry.id, error: messageOf(error) };
        parts.log.error('BatchDetectionError', fields);
      }
      return receipt;
    },
    position: () => parts.store.position(entry.id),
    reject: (reject) => keepReject(life, reject),
  };
}

function keepReject(life: Life, reject: Reject): void {
  life.rejects += 1;
  life.ring.add({
    source: life.entry.id,
    at: toRfc3339(life.parts.clock.now()),
    reason: reject.reason,
    input: reject.input.slice(0, REJECT_INPUT_CHARS),
  });
}

function statusOf(life: Life): SourceStatus {
  const { entry, running } = life;
  const own = {
    id: entry.id,
    kind: entry.kind,
    records: life.records,
    rejects: life.rejects,
    ...(life.lastRecordAt === undefined ? {} : { lastRecordAt: life.lastRecordAt }),
  };
  if (running !== undefined) return { ...running.status(), ...own };
  return {
    ...own,
    state: life.isStopping ? 'off' : life.problem === undefined ? 'waiting' : 'failed',
    target: '',
    shed: 0,
    ...(life.problem === undefined ? {} : { problem: life.problem }),
  };
}
