import type { SourceState } from '../../../model/evidence/store-status.ts';
import type { PendingRecords } from './pending-records.ts';

/** Why records were lost that the store did not take before a listener had to end. */
export const LOST_WHY = 'the store refused records until the end';

/** Why what a sender had sent was never read. */
export const UNREAD_WHY = 'what senders had sent was not read before the end';

/** What a listener says of itself. */
export function listenerState(
  target: string,
  isOff: boolean,
  { problem, bytes }: Pick<PendingRecords, 'problem' | 'bytes'>,
): SourceState {
  return {
    state: isOff ? 'off' : 'running',
    target,
    backlogBytes: bytes,
    ...(problem === undefined ? {} : { problem }),
  };
}
