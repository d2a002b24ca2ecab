import { concatBytes } from '../../../base/bytes.ts';
import { looseText } from '../../../base/text-slice.ts';

/** One message of the kernel's log, as its bytes stand there. */
export interface CutMessage {
  /** Its number within the boot. */
  readonly sequence: number;
  /** Microseconds since the boot. */
  readonly uptimeUs: bigint;
  /** All of its lines, each with its end. */
  readonly bytes: Uint8Array;
}

/** What bytes brought. */
export interface CutMessages {
  readonly messages: readonly CutMessage[];
  /** Lines that are no message. */
  readonly strange: readonly string[];
}

const LF = 0x0a;
const SPACE = 0x20;

/** `6,448,1365243226,`: priority, number, uptime. */
const HEAD = /^\d{1,5},(\d{1,15}),(\d{1,16}),/;

/** Longer than any head. */
const HEAD_BYTES = 48;

/** The kernel's own limit for one message with all that stands under it is 8 KiB. */
const LINE_BYTES_MAX = 64 * 1024;

/**
 * Cuts bytes of `/dev/kmsg` into messages. What stands under a message begins with a space and
 * comes with it in one piece; where a full pipe tears it off it is left out, as waiting for it
 * would hold every newest message back until there is another one.
 */
export class MessageCutter {
  #rest: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): CutMessages {
    const all = this.#rest.length === 0 ? bytes : concatBytes([this.#rest, bytes]);
    const strange: string[] = [];
    const messages: CutMessage[] = [];
    let start = 0;
    for (let end = all.indexOf(LF); end >= 0; end = all.indexOf(LF, start)) {
      const line = all.subarray(start, end + 1);
      start = end + 1;
      if (line[0] === SPACE) takeUnder(line, messages);
      else if (line.length > 1) takeLine(line, messages, strange);
    }
    this.#rest = all.slice(start);
    if (this.#rest.length > LINE_BYTES_MAX) {
      strange.push(looseText(this.#rest.subarray(0, LINE_BYTES_MAX)));
      this.#rest = new Uint8Array();
    }
    return { messages, strange };
  }
}

function takeLine(line: Uint8Array, messages: CutMessage[], strange: string[]): void {
  const head = HEAD.exec(looseText(line.subarray(0, HEAD_BYTES)));
  if (head === null) strange.push(looseText(line.subarray(0, -1)));
  else messages.push({ sequence: Number(head[1]), uptimeUs: BigInt(head[2] ?? 0), bytes: line });
}

function takeUnder(line: Uint8Array, messages: CutMessage[]): void {
  const last = messages.pop();
  if (last !== undefined) messages.push({ ...last, bytes: concatBytes([last.bytes, line]) });
}
