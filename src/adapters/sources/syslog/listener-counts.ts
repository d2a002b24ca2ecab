import { toRfc3339 } from '../../../base/time.ts';
import type { SourceStatus } from '../../../model/store-status.ts';
import type { Reject } from '../../../model/timeline-record.ts';
import type { SourceContext } from '../../../ports/source.ts';
import { SHED_SHOWN_MS } from './syslog-limits.ts';

/** What a listener counts, and what its status says of it. */
export class ListenerCounts {
  readonly #context: SourceContext;
  readonly #target: string;
  #records = 0;
  #rejects = 0;
  #shed = 0;
  #shedWhy = '';
  #shedAtMs = Number.NEGATIVE_INFINITY;
  #lastRecordAt: string | undefined;
  isOff = false;

  constructor(context: SourceContext, target: string) {
    this.#context = context;
    this.#target = target;
  }

  reject(reject: Reject): void {
    this.#rejects += 1;
    this.#context.reject(reject);
  }

  delivered(rows: number): void {
    this.#records += rows;
    this.#lastRecordAt = toRfc3339(this.#context.clock.now());
  }

  /** Counts what was not taken; the first of a row of them is told to the log. */
  shed(count: number, why: string): void {
    if (count === 0) return;
    const nowMs = this.#context.clock.uptimeMs();
    if (nowMs - this.#shedAtMs > SHED_SHOWN_MS) {
      this.#context.log.warn('SyslogShed', { source: this.#context.id, why });
    }
    this.#shed += count;
    this.#shedWhy = why;
    this.#shedAtMs = nowMs;
  }

  status(problem: string | undefined): SourceStatus {
    const { id, clock } = this.#context;
    const isShedding = clock.uptimeMs() - this.#shedAtMs <= SHED_SHOWN_MS;
    const shown = problem ?? (isShedding ? `LG_INGEST_OVERLOADED: ${this.#shedWhy}` : undefined);
    return {
      id,
      kind: 'syslog',
      state: this.isOff ? 'off' : 'running',
      target: this.#target,
      records: this.#records,
      rejects: this.#rejects,
      shed: this.#shed,
      ...(this.#lastRecordAt === undefined ? {} : { lastRecordAt: this.#lastRecordAt }),
      ...(shown === undefined ? {} : { problem: shown }),
    };
  }
}
