import { messageOf } from '../base/error.ts';
import { err, type Result } from '../base/result.ts';
import { waited } from '../base/waited.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../model/record/timeline-record.ts';
import type { SourceContext } from './source.ts';
import type { AppendReceipt } from './telemetry-store.ts';

/** First wait when the store refuses a batch; doubled each time. */
const RETRY_FIRST_MS = 250;

/** Longest wait: a disk with room again is noticed within this time. */
const RETRY_MOST_MS = 10_000;

/** A batch on its way to the store, and who hears of it. */
export interface Delivery {
  readonly batch: RecordBatch;
  readonly origin: Parameters<SourceContext['deliver']>[1];
  /** Ends the trying; an attempt that is being made is waited for. */
  readonly signal: AbortSignal;
  /** Why the store does not take it; undefined once it did. */
  readonly onProblem: (problem: string | undefined) => void;
  /** Told once, of a batch that was refused for good. */
  readonly reject: (reject: Reject) => void;
}

/**
 * Hands a batch on until it is durable. A refusal that is retryable is met with patience, any other
 * one with a reject and the answer `refused`: the same batch would be refused for ever, and all
 * that is behind it would wait. `stopped`: the signal ended it before either.
 */
export async function deliverUntilDurable(
  context: Pick<SourceContext, 'id' | 'clock' | 'log' | 'deliver'>,
  { batch, origin, signal, onProblem, reject }: Delivery,
): Promise<'durable' | 'refused' | 'stopped'> {
  const { id, clock, log } = context;
  for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(RETRY_MOST_MS, waitMs * 2)) {
    const receipt = await attempt(context, batch, origin);
    if (receipt.ok) {
      onProblem(undefined);
      return 'durable';
    }
    const { message, code, entry } = receipt.error;
    onProblem(message);
    if (!entry.retryable) {
      log.warn('BatchRefused', { source: id, code, records: batch.rows });
      const [input = ''] = batch.body;
      const reason = `the store refused ${batch.rows} records for good: ${message}`;
      reject({ reason, input: input.slice(0, REJECT_INPUT_CHARS) });
      return 'refused';
    }
    if (!(await waited(waitMs, clock, signal))) return 'stopped';
  }
}

async function attempt(
  context: Pick<SourceContext, 'id' | 'deliver'>,
  batch: RecordBatch,
  origin: Delivery['origin'],
): Promise<Result<AppendReceipt>> {
  try {
    return await context.deliver(batch, origin);
  } catch (error) {
    return err(
      lgError('LG_RUNTIME_BUG', `delivering of ${context.id}: ${messageOf(error)}`, error),
    );
  }
}
