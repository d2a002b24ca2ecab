import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isTerminal, type RunView } from '../../model/run/run.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import type { RunTouches } from '../../model/run/run-touches.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { decodeJournal, encodeEntry, journalStream, RUN_STREAMS } from './journal-codec.ts';
import { historyOf } from './run-history.ts';
import { reportRun } from './run-report.ts';
import { timeTaken, type TimeTaken } from './time-taken.ts';
import { touchesOf } from './run-touches.ts';
import { viewRun } from './run-view.ts';
import { REFUSED_CONFIRMS_MAX } from './step/limits.ts';
import { foldEntry, foldJournal, type RunRecord } from './step/record.ts';

/** Records of ended runs kept in memory; older ones are read from their journals again. */
const ENDED_KEPT_MAX = 200;

/** Trouble is told within minutes, and no more runs than these begin in them. */
const RUNS_NEAR_MAX = 10;

/** Of all components. Hosts change: what took long that many runs ago says nothing about now. */
const RUNS_MEASURED_MAX = 100;

/** Of what is measured no more than that is kept: a listing needs only the newest. */
const TIMES_KEPT_MAX = 2 * RUNS_MEASURED_MAX;

/** A run as its journal tells it, and how many entries that has. */
export interface ReadRun {
  readonly record: RunRecord;
  readonly version: number;
}

/** The runs of this data directory as their journals tell them. */
export class RunArchive {
  readonly #store: ControlStore;
  readonly #ended = new Map<string, RunRecord>();
  readonly #taken = new Map<string, TimeTaken | undefined>();

  constructor(store: ControlStore) {
    this.#store = store;
  }

  /** The ids of all runs, oldest first. */
  async ids(): Promise<Result<readonly string[]>> {
    const streams = await this.#store.streams(RUN_STREAMS);
    return streams.ok ? ok(streams.value.map((one) => one.slice(RUN_STREAMS.length))) : streams;
  }

  /** Reads a run; LG_ROLLBACK_RUN_UNKNOWN for no run. */
  async read(run: string): Promise<Result<ReadRun>> {
    const entries = await this.#entriesOf(run);
    if (!entries.ok) return entries;
    const record = foldJournal(entries.value);
    if (record === undefined) return err(lgError('LG_ROLLBACK_RUN_UNKNOWN', `no run ${run}`));
    return ok({ record, version: entries.value.length });
  }

  /** Like `read`, but what is over and was looked at lately is not read again. */
  async recordOf(run: string): Promise<Result<RunRecord>> {
    const known = this.#ended.get(run);
    if (known !== undefined) return ok(known);
    const read = await this.read(run);
    if (!read.ok) return read;
    const { record } = read.value;
    if (isOver(record)) this.remember(record);
    return ok(record);
  }

  /** Keeps what is over, the newest of it. */
  remember(record: RunRecord): void {
    this.#ended.set(record.run, record);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_KEPT_MAX && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Adds to a run that is over what came too late for it; what cannot be written is not kept. */
  async addRefusal(
    run: string,
    entry: Extract<RunEntry, { kind: 'confirm-refused' }>,
  ): Promise<void> {
    const read = await this.read(run);
    if (!read.ok || !isOver(read.value.record)) return;
    const { record, version } = read.value;
    if ((record.refusedConfirms?.length ?? 0) >= REFUSED_CONFIRMS_MAX) return;
    const added = await this.#store.append(journalStream(run), version, [encodeEntry(entry)]);
    if (added.ok) this.remember(foldEntry(record, entry));
  }

  /** When the newest entry of a run was written, RFC 3339. */
  async newestAt(run: string): Promise<Result<string>> {
    const entries = await this.#entriesOf(run);
    return entries.ok ? ok(entries.value.at(-1)?.at ?? '') : entries;
  }

  /** A run with report and history once it has ended. */
  async viewOf(record: RunRecord): Promise<Result<RunView>> {
    const report = reportRun(record);
    const view = viewRun(record);
    if (report === undefined) return ok(view);
    const entries = await this.#entriesOf(record.run);
    return entries.ok ? ok({ ...view, report, history: historyOf(entries.value) }) : entries;
  }

  /** How long the newest runs took that have ended, and of which components. */
  async timesTaken(): Promise<readonly TimeTaken[]> {
    const runs = await this.ids();
    if (!runs.ok) return [];
    const found: TimeTaken[] = [];
    for (const run of runs.value.slice(-RUNS_MEASURED_MAX)) {
      if (!this.#taken.has(run)) {
        const entries = await this.#entriesOf(run);
        if (!entries.ok || !entries.value.some(({ kind }) => kind === 'ended')) continue;
        this.#taken.set(run, timeTaken(entries.value));
      }
      const taken = this.#taken.get(run);
      if (taken !== undefined) found.push(taken);
    }
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > TIMES_KEPT_MAX && oldest !== undefined) this.#taken.delete(oldest);
    return found;
  }

  /** What the newest runs changed, of those that were not over before a moment, RFC 3339. */
  async touchesSince(since: string): Promise<Result<readonly RunTouches[]>> {
    const runs = await this.ids();
    if (!runs.ok) return runs;
    const from = parseRfc3339(since);
    const found: RunTouches[] = [];
    for (const run of runs.value.toReversed().slice(0, RUNS_NEAR_MAX)) {
      const ended = this.#ended.get(run)?.ended;
      // As times, for fractions of a second differ in length; one that is none passes nothing over.
      const until = ended && parseRfc3339(ended.at);
      if (from !== undefined && until !== undefined && until < from) continue;
      const entries = await this.#entriesOf(run);
      if (entries.ok) found.push(touchesOf(run, entries.value));
    }
    return ok(found);
  }

  async #entriesOf(run: string): Promise<Result<readonly RunEntry[]>> {
    const entries = await this.#store.read(journalStream(run));
    return entries.ok ? decodeJournal(entries.value) : entries;
  }
}

/** Whether nothing will happen to a run any more. */
export function isOver(record: RunRecord): boolean {
  if (record.phase === 'NEEDS_OPERATOR') return record.released !== undefined;
  return isTerminal(record.phase);
}
