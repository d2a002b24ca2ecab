import type { TimeNs } from '../base/time.ts';
import type { RecordBatchBuilder } from '../model/record/record-batch.ts';
import type { Reject } from '../model/record/timeline-record.ts';

/** What became of a piece of netlink messages, beside the rows that were added. */
export interface DecodedNetlink {
  readonly rejects: readonly Reject[];
  /**
   * A link went down or an address was removed: the kernel drops IPv4 routes then without a
   * message, so only a dump tells what is left.
   */
  readonly mayHideRoutes: boolean;
}

/**
 * Turns the messages of one network namespace into events. It remembers links, addresses and
 * routes over restarts of the program that brings the messages, so that a new start tells what
 * changed meanwhile. Rows are added to `into`; pure but for its memory.
 */
export interface NetlinkDecoder {
  /** The program starts anew: what it dumps first is state, compared with what is remembered. */
  begin(): void;
  push(bytes: Uint8Array, observedNs: TimeNs, into: RecordBatchBuilder): DecodedNetlink;
  /** Nothing has come for a while: the dump of the start is complete. */
  settle(observedNs: TimeNs, into: RecordBatchBuilder): void;
  /**
   * All that there is of a kind now, as `ip -4 route save table all`, `ip -6 …` and
   * `ip address save` write it: differences become events, but for the first time. A dump that is
   * malformed changes nothing and is a reject.
   */
  replace(
    what: 'routes' | 'addresses',
    dumps: readonly Uint8Array[],
    observedNs: TimeNs,
    into: RecordBatchBuilder,
  ): DecodedNetlink;
}
