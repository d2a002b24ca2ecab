import { sliceable } from '../../../base/text-slice.ts';
import type { TimeNs } from '../../../base/time.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { Reject } from '../../../model/record/timeline-record.ts';
import type { MessageOrigin, MessageReader, MessageStream } from '../../../ports/normalizer.ts';
import { messageFrames, rejectText, type MessageTarget } from './message-frames.ts';
import type { SyslogFrames } from './syslog-frames.ts';
import { MessageRows, type SyslogParts } from './message-rows.ts';

/** What a listener for syslog needs. */
export interface SyslogReaderParts extends SyslogParts {
  /** Takes what could not be normalized. */
  readonly reject: (reject: Reject) => void;
}

/** The reader of a listener for syslog, RFC 5424 and RFC 3164: it reads what `normalize` reads. */
export function createSyslogReader(parts: SyslogReaderParts): MessageReader {
  const messages = new MessageRows(parts);
  const reject = (reason: string, input: string): void => parts.reject({ reason, input });
  return {
    add(bytes, origin, observedNs, into) {
      const whole = sliceable(bytes);
      const reason = messages.add(whole, 0, whole.length, origin, observedNs, into);
      if (reason !== undefined) reject(reason, rejectText(bytes));
    },
    stream: (origin) => new SyslogStream(messages, origin, reject),
  };
}

class SyslogStream implements MessageStream {
  readonly #frames: SyslogFrames;
  readonly #reject: MessageTarget['reject'];
  /** There during a call only: a quiet connection must not keep a batch in memory. */
  #target: MessageTarget | undefined;

  constructor(messages: MessageRows, origin: MessageOrigin, reject: MessageTarget['reject']) {
    this.#reject = reject;
    this.#frames = messageFrames(messages, origin, () => {
      if (this.#target === undefined) throw new Error('broken invariant: a message without bytes');
      return this.#target;
    });
  }

  get isInside(): boolean {
    return this.#frames.isInside;
  }

  get taken(): number {
    return this.#frames.taken;
  }

  push(bytes: Uint8Array, observedNs: TimeNs, rows: RecordBatchBuilder): void {
    this.#target = { observedNs, rows, reject: this.#reject };
    this.#frames.push(bytes);
    this.#target = undefined;
  }

  end(observedNs: TimeNs, rows: RecordBatchBuilder): void {
    this.#target = { observedNs, rows, reject: this.#reject };
    this.#frames.end();
    this.#target = undefined;
  }
}
