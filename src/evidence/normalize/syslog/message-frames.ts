import { looseText } from '../../../base/text-slice.ts';
import type { TimeNs } from '../../../base/time.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { REJECT_INPUT_CHARS } from '../../../model/record/timeline-record.ts';
import type { MessageOrigin } from '../../../ports/normalizer.ts';
import { FRAME_BYTES_MAX, SyslogFrames } from './syslog-frames.ts';
import type { MessagePart, MessageRows } from './message-rows.ts';

/** Where the messages of a stream go; asked for each message. */
export interface MessageTarget {
  readonly observedNs: TimeNs;
  readonly rows: RecordBatchBuilder;
  reject(reason: string, input: string): void;
}

/** Counted once for each message that is stored in parts, and kept beside the other rejects. */
const PARTS_REASON =
  `a message longer than ${FRAME_BYTES_MAX} bytes, or cut off by its sender, ` +
  'is stored in parts';

/** Cuts a stream into messages and turns each into a record or a reject of the target. */
export function messageFrames(
  messages: MessageRows,
  origin: MessageOrigin,
  target: () => MessageTarget,
): SyslogFrames {
  let cut: MessagePart | undefined;
  return new SyslogFrames((bytes, start, end, number, isLast) => {
    const into = target();
    if (number === 0) {
      const reason = messages.add(bytes, start, end, origin, into.observedNs, into.rows);
      if (reason !== undefined) into.reject(reason, rejectText(bytes.subarray(start, end)));
      return;
    }
    const part = { number, head: number === 1 ? undefined : cut?.head };
    messages.addPart(bytes, end, part, origin, into.observedNs, into.rows);
    cut = isLast ? undefined : part;
    if (isLast) into.reject(PARTS_REASON, rejectText(bytes.subarray(start, end)));
  });
}

/** As much of a message as is kept with its reject, without its line end. */
export function rejectText(bytes: Uint8Array): string {
  // A character has four bytes at most.
  const text = looseText(bytes.subarray(0, REJECT_INPUT_CHARS * 4));
  return text.slice(0, REJECT_INPUT_CHARS).replace(/[\r\n\0]+$/, '');
}
