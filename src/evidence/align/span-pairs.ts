import { Generations } from '../../base/generations.ts';
import { spanKey } from '../../model/record/record-parts.ts';
import { SEVERITY } from '../../model/record/severity.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { RawTimes } from './raw-times.ts';

/** Halves of calls whose other half may still come: a thousand calls a second for ten seconds. */
const WAITING_MAX = 10_000;

/** One half of a call, by the clock that stamped it, milliseconds. */
interface HalfCall {
  readonly clock: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Both halves of one call. */
export interface CallPair {
  readonly client: HalfCall;
  readonly server: HalfCall;
}

/**
 * Finds calls of which both sides were traced, in whatever order they come: a server's span whose
 * parent is a client's span. Calls that failed are left out, since a caller that gave up ends
 * before its server; so are messages, which nobody waits for.
 */
export class SpanPairs {
  readonly #clients = new Generations<HalfCall>(WAITING_MAX);
  readonly #servers = new Generations<HalfCall>(WAITING_MAX);

  /** Takes one span; answers the call that it completes. */
  take(batch: RecordBatch, row: number, times: RawTimes, clock: string): CallPair | undefined {
    const attributes = batch.attributes[row] ?? '';
    if ((batch.severity[row] ?? 0) >= SEVERITY.error) return undefined;
    const startMs = times.startMs(row);
    const durationMs = times.durationMs(row);
    if (Number.isNaN(startMs) || Number.isNaN(durationMs)) return undefined;
    const half = { clock, startMs, endMs: startMs + durationMs };
    if (attributes.includes('"span.kind":"client"')) return this.#takeClient(batch, row, half);
    if (attributes.includes('"span.kind":"server"')) return this.#takeServer(batch, row, half);
    return undefined;
  }

  #takeClient(batch: RecordBatch, row: number, client: HalfCall): CallPair | undefined {
    const id = spanKey(batch.span[row]);
    if (id === 0) return undefined;
    const server = this.#servers.take(id);
    if (server !== undefined) return { client, server };
    this.#clients.set(id, client);
    return undefined;
  }

  #takeServer(batch: RecordBatch, row: number, server: HalfCall): CallPair | undefined {
    const parent = spanKey(batch.parentSpan[row]);
    if (parent === 0) return undefined;
    const client = this.#clients.take(parent);
    if (client !== undefined) return { client, server };
    this.#servers.set(parent, server);
    return undefined;
  }
}
