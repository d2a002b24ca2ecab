import { backoffMs, type Backoff } from '../../base/backoff.ts';
import { messageOf } from '../../base/error.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { SourceRule } from '../../model/evidence/source-rule.ts';
import type { SourceState, SourceStatus } from '../../model/evidence/store-status.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../../model/record/timeline-record.ts';
import type { RunningSource, SourceContext } from '../../ports/source.ts';
import type { AppendReceipt, BatchOrigin } from '../../ports/telemetry-store.ts';
import { RejectRing, type KeptReject } from './reject-ring.ts';
import { AppliedRules } from './rules/applied-rules.ts';
import { SourceCounts } from './source-counts.ts';
import type { CollectionParts, SourceEntry } from './source-entry.ts';

/** Rejects kept a source, with at most 4 KiB of input each. */
const REJECTS_KEPT = 100;

/** Before a failed source is started again; within the longest a port that is free is noticed. */
const RETRY: Backoff = { firstMs: 1_000, mostMs: 30_000 };

/** How often a running source is asked whether it has failed. */
const WATCH_MS = 2_000;

/** One source under supervision. */
export interface SupervisedSource {
  readonly entry: SourceEntry;
  status(): SourceStatus;
  rejects(): readonly KeptReject[];
  /** Takes over other rules; the source itself stays at work. */
  useRules(rules: readonly SourceRule[]): void;
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
  readonly counts: SourceCounts;
  readonly rules: AppliedRules;
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
    counts: new SourceCounts(entry.id, parts.clock, parts.log),
    rules: new AppliedRules({ source: entry.id, ...parts }, entry.rules ?? []),
    running: undefined,
    problem: undefined,
    failures: 0,
    isStopping: false,
    cancel: () => undefined,
    work: Promise.resolve(),
  };
  let rules = entry.rules ?? [];
  life.work = attempt(life);
  return {
    entry,
    useRules(next) {
      if (canonicalJson(next) === canonicalJson(rules)) return;
      rules = next;
      life.rules.replace(next);
    },
    firstAttempt: life.work,
    status: () => statusOf(life),
    rejects: () => life.ring.list(),
    async stop() {
      life.isStopping = true;
      life.cancel();
      await life.work;
      await stopRunning(life);
      await life.rules.stop();
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
  const waitMs = backoffMs(life.failures, RETRY);
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
  const { entry, parts, counts } = life;
  return {
    id: entry.id,
    clock: parts.clock,
    log: parts.log,
    deliver: (batch, origin) => deliver(life, batch, { source: entry.id, ...origin }),
    position: () => parts.store.position(entry.id),
    reject: (reject) => keepReject(life, reject),
    shed: (records, why) => counts.shed(records, why),
    refuse: () => counts.refuse(),
  };
}

/** Stores what rules leave of a batch; once that is durable all of it is counted and detected. */
async function deliver(
  life: Life,
  raw: RecordBatch,
  origin: BatchOrigin,
): Promise<Result<AppendReceipt>> {
  const { entry, parts, counts, rules } = life;
  const batch = parts.redact?.(raw) ?? raw;
  const sifted = rules.sift(batch);
  const end = counts.begin();
  let receipt: Result<AppendReceipt> | undefined;
  try {
    // The position goes on even where rules left nothing.
    const isStored = sifted.kept.rows > 0 || origin.position !== undefined;
    receipt = isStored ? await parts.store.append(sifted.kept, origin) : ok(NOTHING_STORED);
  } finally {
    end(receipt?.ok === true ? receipt.value : undefined, sifted.leftOut);
  }
  if (!receipt.ok) return receipt;
  sifted.commit();
  const isRepetition = sifted.kept.rows > 0 && receipt.value.stored === 0;
  if (isRepetition || batch.rows === 0) return receipt;
  try {
    // What rules left out happened all the same: triggers must not go blind.
    parts.onBatch(batch);
  } catch (error) {
    // The records are durable already: detection must not make the sender repeat them.
    const fields = { source: entry.id, error: messageOf(error) };
    parts.log.error('BatchDetectionError', fields);
  }
  return receipt;
}

const NOTHING_STORED: AppendReceipt = { stored: 0, repeated: 0 };

function keepReject(life: Life, reject: Reject): void {
  life.counts.reject();
  life.ring.add({
    source: life.entry.id,
    at: toRfc3339(life.parts.clock.now()),
    reason: reject.reason,
    input: reject.input.slice(0, REJECT_INPUT_CHARS),
  });
}

function statusOf(life: Life): SourceStatus {
  const { entry, counts, rules } = life;
  const told = life.running?.status() ?? stateOf(life);
  const shedWhy = counts.shedWhy();
  const shedding = shedWhy === undefined ? {} : { problem: `LG_INGEST_OVERLOADED: ${shedWhy}` };
  const { id, kind } = entry;
  return { ...shedding, ...told, id, kind, ...counts.counted(), rules: rules.status() };
}

function stateOf({ isStopping, problem }: Life): SourceState {
  return {
    state: isStopping ? 'off' : problem === undefined ? 'waiting' : 'failed',
    target: '',
    ...(problem === undefined ? {} : { problem }),
  };
}
