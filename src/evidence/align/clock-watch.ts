import { fromUnixMs, toRfc3339 } from '../../base/time.ts';
import type { ClockExchange } from '../../model/evidence/clock-exchange.ts';
import {
  offsetOf,
  type ClockOverlay,
  type ClockPiece,
} from '../../model/evidence/clock-overlay.ts';
import { TRUE_TIME, type ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { ClockPair } from '../../model/evidence/clock-pair.ts';
import { KIND_INDEX, type RecordBatch } from '../../model/record/record-batch.ts';
import { clockPairs } from './clock-pairs.ts';
import { ClockHistory } from './clock-history.ts';
import { ClockGraph, type ClockStep } from './graph/clock-graph.ts';
import { WHOLE_SECOND_MS } from './graph/one-way-edge.ts';
import type { ClockEstimate } from './graph/relate-clocks.ts';
import { rawTimes, type RawTimes } from './raw-times.ts';
import { JournalSteps } from './journal-steps.ts';
import { SpanPairs } from './span-pairs.ts';

/** What a look at the clocks brought. */
export interface ClockLook {
  /** The next version; absent while the last one still holds. */
  readonly overlay?: ClockOverlay;
  /** Steps that were told since the last look. */
  readonly steps: readonly ClockStep[];
}

/** Steps between two looks; a clock that steps more often is told once all the same. */
const STEPS_MAX = 100;

/** Hosts whose boot is remembered; a configuration names fewer. */
const BOOTS_MAX = 2_000;

/** An entry that came later is of an archive: what is known now was learned after its step. */
const ENTRY_LATE_MS = 60_000;

/** Our own clock is what the others are held against: by itself it is never wrong. */
const REFERENCE: ClockPiece = {
  fromNs: 0n,
  rawNs: 0n,
  offsetNs: 0n,
  driftPpb: 0,
  boundNs: 0n,
  method: 'reference',
  corrects: false,
};

/** Our name in the graph; clocks of records never have it. */
const OURS = '';

/**
 * Watches how the clocks of records stand to ours: what goes by is told to the graph, and what the
 * graph says becomes versions of the overlay. Pure but for what it remembers.
 */
export class ClockWatch {
  readonly #own: ReadonlySet<string>;
  readonly #graph = new ClockGraph(OURS, TRUE_TIME);
  readonly #pairs = new SpanPairs();
  readonly #journals = new JournalSteps();
  readonly #hearsArrivals: boolean;
  /** The boot of each host that answers. */
  readonly #boots = new Map<string, string>();
  readonly #history: ClockHistory;
  #estimates: readonly ClockEstimate[] = [];
  #steps: ClockStep[] = [];

  /**
   * `own` are the names of our own clock; `overlay` is what was known before a restart. Of records
   * that nobody saw arrive (files), `hearsArrivals` is false.
   */
  constructor(own: readonly string[], overlay: ClockOverlay, hearsArrivals = true) {
    this.#hearsArrivals = hearsArrivals;
    this.#own = new Set(own);
    const ours = own.map((name) => [name, [REFERENCE]] as const);
    this.#history = new ClockHistory({
      version: overlay.version,
      clocks: new Map([...overlay.clocks, ...ours]),
    });
  }

  get overlay(): ClockOverlay {
    return this.#history.overlay;
  }

  /** How every clock stands, as of the last look. */
  list(): readonly ClockOffset[] {
    return this.#estimates.map(({ clock, offsetMs, boundMs, method, ...rest }) => ({
      clock,
      offsetNs: Math.round(offsetMs * 1e6),
      ...(Number.isFinite(boundMs) ? { boundNs: Math.round(boundMs * 1e6) } : {}),
      method,
      corrected: rest.corrects,
      driftPpm: Math.round(rest.drift * 1e8) / 100,
      ...(Number.isFinite(rest.sinceMs) ? { since: toRfc3339(fromUnixMs(rest.sinceMs)) } : {}),
      via: rest.path.map((name) => (name === OURS ? 'ours' : name)),
    }));
  }

  /** Takes what a batch says of clocks. */
  observe(batch: RecordBatch): void {
    const times = rawTimes(batch);
    const names = batch.dictionary;
    /** The newest stamp of each clock: all others waited for it. */
    const newest = new Map<number, number>();
    let observedMs = 0;
    let [clock, most] = [0, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < batch.rows; row += 1) {
      const at = batch.clock[row] ?? 0;
      if (at !== clock) {
        if (clock !== 0) newest.set(clock, most);
        clock = at;
        most = newest.get(at) ?? Number.NEGATIVE_INFINITY;
      }
      if (at === 0) continue;
      const startMs = times.startMs(row);
      const isSpan = batch.kind[row] === KIND_INDEX.span;
      const endMs = isSpan ? startMs + (times.durationMs(row) || 0) : startMs;
      if (endMs > most) most = endMs;
      observedMs = times.observedMs(row);
      if (isSpan) this.#takeSpan(batch, row, times, names[at] ?? '');
      else this.#takeEntry(batch, row, observedMs, names[at] ?? '');
    }
    if (!this.#hearsArrivals) return;
    if (clock !== 0) newest.set(clock, most);
    for (const [at, stampMs] of newest) {
      const name = this.#named(names[at] ?? '');
      if (name === OURS || stampMs === Number.NEGATIVE_INFINITY) continue;
      const isWhole = stampMs % WHOLE_SECOND_MS === 0;
      this.#noteStep(this.#graph.hear(name, observedMs, stampMs - observedMs, isWhole));
    }
  }

  /**
   * Takes what an answer of a host runner says of its clock: it was read after we asked, and
   * before the answer came. Wall clocks are read in whole milliseconds, so each may show one more.
   */
  exchange(name: string, { sentMs, receivedMs, theirMs, boot }: ClockExchange): void {
    const clock = this.#named(name);
    if (name === '' || clock === OURS) return;
    const before = this.#boots.get(clock);
    // What it was ahead in another boot means nothing any more: nobody saw what set it since.
    if (before !== undefined && before !== boot) this.#graph.cut(clock, receivedMs);
    this.#boots.delete(clock);
    this.#boots.set(clock, boot);
    const [oldest] = this.#boots.keys();
    if (this.#boots.size > BOOTS_MAX && oldest !== undefined) this.#boots.delete(oldest);
    const [low, high] = [theirMs - (receivedMs + 1), theirMs + 1 - sentMs];
    const atMs = (sentMs + receivedMs) / 2;
    this.#noteStep(this.#graph.relate(OURS, clock, atMs, receivedMs, low, high, 'exchanges'));
  }

  /** Takes what the NTP daemon of a clock says: how far true time is from it, at our time. */
  prior(name: string, atMs: number, offsetMs: number, boundMs: number): void {
    const clock = this.#named(name);
    const ahead = clock === OURS ? 0 : (this.#graph.offsetOf(clock) ?? 0);
    const [low, high] = [offsetMs - boundMs, offsetMs + boundMs];
    this.#noteStep(this.#graph.relate(clock, TRUE_TIME, atMs + ahead, atMs, low, high, 'ntp'));
  }

  /** What is known now; to be asked every ten seconds or so. */
  look(nowNs: bigint): ClockLook {
    this.#estimates = this.#graph.estimates(Number(nowNs) / 1e6);
    const stamping = this.#estimates.filter(({ clock }) => clock !== TRUE_TIME);
    const steps = this.#steps;
    this.#steps = [];
    const overlay = this.#history.update(stamping, steps, nowNs);
    return { ...(overlay === undefined ? {} : { overlay }), steps };
  }

  /** Our own clock was stepped: what the others were ahead of it means nothing any more. */
  forget(nowMs: number): void {
    for (const { clock } of this.#estimates) this.#graph.cut(clock, nowMs);
  }

  /** How far two clocks of others may be off each other in a window, by what passed there. */
  pairs(window: { readonly fromNs: bigint; readonly toNs: bigint }): readonly ClockPair[] {
    return clockPairs(this.#graph.directRelations(), this.#estimates, this.overlay, window);
  }

  /** What a record of a clock is moved by now, for what is told at once. */
  offsetNow(clock: string, nowNs: bigint): bigint {
    const last = this.overlay.clocks.get(clock)?.at(-1);
    return last === undefined ? 0n : offsetOf(last, nowNs + last.offsetNs);
  }

  #takeSpan(batch: RecordBatch, row: number, times: RawTimes, clock: string): void {
    const pair = this.#pairs.take(batch, row, times, this.#named(clock));
    if (pair === undefined) return;
    const { client, server } = pair;
    const step = this.#graph.relate(
      client.clock,
      server.clock,
      (client.startMs + client.endMs) / 2,
      times.observedMs(row),
      server.endMs - client.endMs,
      server.startMs - client.startMs,
    );
    this.#noteStep(step);
  }

  /** The journal of a host tells steps of its clock; ours we see ourselves. */
  #takeEntry(batch: RecordBatch, row: number, observedMs: number, name: string): void {
    const position = batch.position[row] ?? '';
    const attributes = batch.attributes[row] ?? '';
    const found = this.#journals.take(name, position, attributes, observedMs);
    const clock = this.#named(name);
    // Where nothing was known of a clock yet there is nothing that a step could change.
    const offset = this.#graph.offsetOf(clock);
    if (found === undefined || clock === OURS || offset === undefined) return;
    const { wallBeforeMs, observedBeforeMs, passedMs, byMs } = found;
    const afterMs = Math.min(wallBeforeMs - offset, observedBeforeMs);
    if (observedBeforeMs - afterMs > ENTRY_LATE_MS) return;
    this.#noteStep(this.#graph.step({ clock, afterMs, beforeMs: afterMs + passedMs, byMs }));
  }

  #noteStep(step: ClockStep | undefined): void {
    // Our own clock is watched by its uptime, and true time is never set.
    if (step?.clock === OURS || step?.clock === TRUE_TIME) return;
    if (step !== undefined && this.#steps.length < STEPS_MAX) this.#steps.push(step);
  }

  #named(clock: string): string {
    return this.#own.has(clock) ? OURS : clock;
  }
}
