import { timeNs, type TimeNs } from '../../../base/time.ts';
import type { KernelLine } from './kernel-line.ts';

/** Auditing stamps its messages with the wall clock, to the millisecond. */
const AUDIT = /^audit: .{0,40}\baudit\(([12]\d{9})\.(\d{3}):\d+\)/;

/** The clock is set from that of the board, which has whole seconds: half a one is added. */
const BOARD = /: setting system clock to .{1,60} \(([12]\d{9})\)$/;

/** What has stood still knows of no uptime in between. */
const WOKE = /^PM: (?:suspend|hibernation): exit\b|^PM: suspend exit\b|^PM: hibernation exit\b/;

/**
 * What the wall clock showed when the kernel had been up for nothing, as messages of its own tell
 * it. After a suspend, which the uptime does not count, it is unknown until the next of them.
 */
export class BootTime {
  #startNs: bigint | undefined;
  #isExact = false;

  /** Whether a message told already. */
  get isKnown(): boolean {
    return this.#startNs !== undefined;
  }

  /** Takes the messages in their order. */
  take({ text, uptimeUs, facility = 0 }: KernelLine): void {
    if (uptimeUs === undefined || facility !== 0) return;
    const uptimeNs = uptimeUs * 1_000n;
    const audit = AUDIT.exec(text);
    if (audit !== null) {
      this.#startNs = BigInt(`${audit[1]}${audit[2]}000000`) - uptimeNs;
      this.#isExact = true;
    } else if (WOKE.test(text)) {
      this.#startNs = undefined;
      this.#isExact = false;
    } else if (!this.#isExact) {
      const board = BOARD.exec(text)?.[1];
      if (board !== undefined) this.#startNs = BigInt(`${board}500000000`) - uptimeNs;
    }
  }

  /** The wall clock at an uptime; undefined while nothing told. */
  at(uptimeUs: bigint): TimeNs | undefined {
    return this.#startNs === undefined ? undefined : timeNs(this.#startNs + uptimeUs * 1_000n);
  }
}
