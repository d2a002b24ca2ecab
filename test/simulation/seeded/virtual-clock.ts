import { addMs, fromUnixMs, type TimeNs } from '../../../src/base/time.ts';
import type { Clock } from '../../../src/ports/clock.ts';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);

/** Time that passes only when told to. The host's clocks may be set wrong; `trueMs` never is. */
export class VirtualClock {
  #alarms: Alarm[] = [];
  #order = 0;
  #wallOffsetMs = 0;
  #bootAt = 0;
  #boots = 1;
  trueMs = 0;

  /** The clock of one process: its alarms die with it, and wait while it is stopped. */
  forProcess(isAlive: () => boolean, stoppedUntil: () => number = () => 0): Clock {
    const now = (): TimeNs => addMs(fromUnixMs(EPOCH_MS), this.trueMs + this.#wallOffsetMs);
    return {
      now,
      uptimeMs: () => this.trueMs - this.#bootAt,
      bootId: () => `boot-${this.#boots}`,
      after: (ms, call) => this.after(ms, () => this.#ring(call, isAlive, stoppedUntil)),
    };
  }

  #ring(call: () => void, isAlive: () => boolean, stoppedUntil: () => number): void {
    const leftMs = stoppedUntil() - this.trueMs;
    if (!isAlive()) return;
    if (leftMs <= 0) call();
    else this.after(leftMs, () => this.#ring(call, isAlive, stoppedUntil));
  }

  /** Calls back after so long, whoever lives. */
  after(ms: number, call: () => void): () => void {
    const alarm = { at: this.trueMs + Math.max(0, ms), order: (this.#order += 1), call };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((one) => one !== alarm);
    };
  }

  /** Waits so long. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Sets the wall clock wrong by so much. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Another boot: uptime begins anew. */
  reboot(): void {
    this.#boots += 1;
    this.#bootAt = this.trueMs;
  }

  /** Goes on to the next alarm and rings it; false when there is none. */
  advance(): boolean {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      const isSooner =
        next === undefined ||
        alarm.at < next.at ||
        (alarm.at === next.at && alarm.order < next.order);
      if (isSooner) next = alarm;
    }
    if (next === undefined) return false;
    const ringing = next;
    this.#alarms = this.#alarms.filter((alarm) => alarm !== ringing);
    this.trueMs = Math.max(this.trueMs, ringing.at);
    ringing.call();
    return true;
  }
}
