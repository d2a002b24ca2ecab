import { fork, type ChildProcess } from 'node:child_process';
import { OWN_PROCESS } from '../../src/daemon/own-process.ts';
import type { TimelineQuery } from '../../src/model/record/timeline-query.ts';

/** What the measured process says of itself. */
export interface IngestFacts {
  readonly url: string;
  /** Where it takes syslog over TCP. */
  readonly syslogPort: number;
  /** CPU seconds of all its threads so far. */
  readonly cpuS: number;
  readonly rssPeakBytes: number;
  readonly memoryFilePeakBytes: number;
  /** The largest sum of resident memory and memory files at one time. */
  readonly totalPeakBytes: number;
  readonly records: number;
  readonly hotRecords: number;
  readonly segments: number;
  readonly segmentBytes: number;
  readonly catalogueBytes: number;
}

/** A query as it crosses to the process; times are decimal text. */
export type IngestQuery = Omit<Partial<TimelineQuery>, 'from' | 'to'> & {
  readonly from?: string;
  readonly to?: string;
};

/** What the process can be told. Queries answer with the milliseconds they took. */
export type IngestCall =
  | { readonly kind: 'facts' | 'seal' | 'stop' }
  | { readonly kind: 'query'; readonly query: IngestQuery; readonly atLeast: number }
  | { readonly kind: 'density'; readonly bucketMs: number };

/** The measured process. */
export class IngestProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #next = 1;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: Message) => {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
    child.on('exit', (code) => {
      for (const answer of this.#waiting.values())
        answer({ id: 0, error: `it ended with ${code}` });
    });
  }

  facts(): Promise<IngestFacts> {
    return this.#ask<IngestFacts>({ kind: 'facts' });
  }

  seal(): Promise<IngestFacts> {
    return this.#ask<IngestFacts>({ kind: 'seal' });
  }

  /** Milliseconds that a query took inside the process. */
  time(call: Extract<IngestCall, { kind: 'query' | 'density' }>): Promise<number> {
    return this.#ask<number>(call);
  }

  async stop(): Promise<void> {
    await this.#ask<number>({ kind: 'stop' });
    this.#child.disconnect();
  }

  #ask<Answer>(call: IngestCall): Promise<Answer> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === undefined) resolve(value as Answer);
        else reject(new Error(`the measured process: ${error}`));
      });
      this.#child.send({ id, call });
    });
  }
}

interface Message {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts the evidence plane in a process of its own; answers when it accepts input. */
export async function startIngest(): Promise<IngestProcess> {
  const child = fork(`${import.meta.dirname}/ingest-process.ts`, {
    execArgv: [...OWN_PROCESS.flags],
    env: { ...process.env, ...OWN_PROCESS.environment },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}`)));
  });
  return new IngestProcess(child);
}
