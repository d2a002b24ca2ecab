import { attemptEdges, ConnectionAttempts } from '../../evidence/detect/connection-attempts.ts';
import { EvidenceMemory } from '../../evidence/detect/memory/evidence-memory.ts';
import { stampingClocks } from '../../evidence/detect/memory/stamping-clocks.ts';
import type { SeenChange, ToldTrouble } from '../../evidence/diagnose/diagnosis-input.ts';
import type { CaseWindows } from '../../evidence/diagnose/windows/case-builder.ts';
import type { ClockOverlay } from '../../model/evidence/clock-overlay.ts';
import type { EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import { KIND_INDEX, type RecordBatch } from '../../model/record/record-batch.ts';
import { selectRows } from '../../model/record/select-rows.ts';
import { SEVERITY } from '../../model/record/severity.ts';
import { alignedNs } from './align-files.ts';
import { changeOf, isChange } from './file-changes.ts';
import type { FileInventory } from './file-inventory.ts';
import { tellWhatFoundNoRoom, tellWhatWasRead, type ReadCounts } from './read-counts.ts';
import { StampingNames } from './stamping-names.ts';
import { ToldTroubles } from './told-troubles.ts';

/** What records say in so many words, beside what a comparison of the windows shows. */
export interface ToldEvidence {
  readonly evidence: EvidenceSummary;
  readonly told: readonly ToldTrouble[];
  readonly changes: readonly SeenChange[];
  /** What was read of kinds that are not compared, in sentences. */
  readonly notes: readonly string[];
}

/** Slices of the counters; finer ones cost memory and show no more. */
const BUCKETS = 2_000;
const BUCKET_MS_MIN = 2_000;

/** Changes beyond these are a flood, of which the newest are the suspects. */
const CHANGES_MAX = 200;

/** What happens to a process and what ran short is understood by name. */
const UNDERSTOOD = /^(process|host|deployment|config)\.|\.threshold_(crossed|cleared)$/;

/**
 * Gathers what the windows do not compare: errors logged outside of traces, alerts, what devices
 * report, connections that packets show, and changes.
 */
export class ToldRecords {
  readonly #windows: CaseWindows;
  readonly #overlay: ClockOverlay;
  readonly #memory: EvidenceMemory;
  readonly #troubles: ToldTroubles;
  readonly #attempts = new ConnectionAttempts();
  readonly #captures = new Set<string>();
  readonly #clocks = new StampingNames();
  #changes: SeenChange[] = [];
  #changesCut = 0;
  readonly #during: ReadCounts = { packets: 0, alerts: 0, logs: 0 };

  constructor(windows: CaseWindows, overlay: ClockOverlay) {
    const { incident, baseline } = windows;
    const spanMs = Number(incident.toNs - baseline.fromNs) / 1e6;
    const bucketMs = Math.max(BUCKET_MS_MIN, Math.ceil(spanMs / (BUCKETS - 2)));
    this.#windows = windows;
    this.#overlay = overlay;
    this.#memory = new EvidenceMemory({ bucketMs, buckets: BUCKETS });
    this.#troubles = new ToldTroubles(incident.fromNs);
  }

  /** Takes a batch, in the order of its file. */
  add(batch: RecordBatch): void {
    const { incident, baseline } = this.#windows;
    const rows: number[] = [];
    for (let row = 0; row < batch.rows; row += 1) {
      const at = alignedNs(batch, row, this.#overlay);
      if (at < baseline.fromNs || at >= incident.toNs) continue;
      if (this.#take(batch, row, at) === 'counted') rows.push(row);
    }
    if (rows.length === 0) return;
    this.#memory.observe(alignedRows(batch, rows, this.#overlay), incident.toNs);
  }

  /** Everything that was gathered; `inventory` says who is behind an address. */
  end(inventory: FileInventory): ToldEvidence {
    const { incident, baseline } = this.#windows;
    const counts = this.#attempts.counts(Number(incident.fromNs) / 1e6);
    const summary = this.#memory.summary({
      fromNs: incident.fromNs,
      toNs: incident.toNs - 1n,
      baselineFromNs: baseline.fromNs,
    });
    const edges = attemptEdges(counts, endNames(inventory));
    // Who captured the packets stamped them, for both ends.
    for (const end of edges.flatMap(({ from, to }) => [from, to])) {
      for (const capture of this.#captures) this.#clocks.add(end, `capture:${capture}`);
    }
    this.#cutChanges();
    const lost = {
      attempts: this.#attempts.dropped,
      troubles: this.#troubles.dropped,
      changes: this.#changesCut,
      counts: summary.dropped,
    };
    const evidence: EvidenceSummary = {
      ...summary,
      dropped: lost.attempts + lost.troubles + lost.changes + lost.counts,
      edges,
      clocks: stampingClocks(this.#clocks.all, this.#overlay, incident),
      // That a file ends says nothing of who wrote it.
      presence: summary.presence.map((one) => ({ ...one, silentMs: 0 })),
    };
    const told = this.#troubles.list();
    const read = tellWhatWasRead(this.#during, counts, told, summary);
    const notes = [...read, ...tellWhatFoundNoRoom(lost)];
    return { evidence, told, changes: this.#changes, notes };
  }

  #change(change: SeenChange): void {
    this.#changes.push(change);
    // Twice as many as stay, so that it is seldom sorted and yet never grows with a flood.
    if (this.#changes.length >= 2 * CHANGES_MAX) this.#cutChanges();
  }

  /** Files come one after the other, so the newest are found by their times. */
  #cutChanges(): void {
    const over = this.#changes.length - CHANGES_MAX;
    if (over <= 0) return;
    this.#changes = this.#changes.toSorted(byTime).slice(over);
    this.#changesCut += over;
  }

  /** Notes one row; answers whether the counters shall count it, too. */
  #take(batch: RecordBatch, row: number, at: bigint): 'counted' | 'noted' {
    const isDuring = Number(at >= this.#windows.incident.fromNs);
    switch (batch.kind[row]) {
      case KIND_INDEX.packet:
        this.#attempts.note(batch.attributes[row] ?? '', Number(at) / 1e6);
        this.#captures.add(batch.dictionary[batch.source[row] ?? 0] ?? '');
        this.#during.packets += isDuring;
        return 'noted';
      case KIND_INDEX.alert:
        this.#troubles.alert(batch, row, at);
        this.#clocks.note(batch, row);
        this.#during.alerts += isDuring;
        return 'noted';
      case KIND_INDEX.log:
      case KIND_INDEX.event: {
        // What belongs to a trace is compared with other traces.
        if (batch.traceLow[row] !== 0n) return 'noted';
        this.#clocks.note(batch, row);
        this.#during.logs += isDuring;
        const name = batch.dictionary[batch.eventName[row] ?? 0] ?? '';
        if (isChange(name)) this.#change(changeOf(batch, row, name, at));
        if (!isReport(batch, row, name)) return 'counted';
        this.#troubles.report(batch, row, name, at);
        return 'noted';
      }
      default:
        return 'noted';
    }
  }
}

function byTime({ notAfter: a = '' }: SeenChange, { notAfter: b = '' }: SeenChange): number {
  return a < b ? -1 : Number(a > b);
}

/** What a device or a system reports of itself as an error, under a name of its own. */
function isReport(batch: RecordBatch, row: number, name: string): boolean {
  return name !== '' && !UNDERSTOOD.test(name) && (batch.severity[row] ?? 0) >= SEVERITY.error;
}

/** The rows with their corrected times as their own; who has no name is called by its file. */
function alignedRows(
  batch: RecordBatch,
  rows: readonly number[],
  overlay: ClockOverlay,
): RecordBatch {
  const selected = selectRows(batch, rows);
  const timeNs = new BigInt64Array(rows.length);
  for (const [at, row] of rows.entries()) timeNs[at] = alignedNs(batch, row, overlay);
  const component = selected.component.map(
    (name, at) => name || selected.host[at] || (selected.source[at] ?? 0),
  );
  return { ...selected, timeNs, component };
}

/** Who is behind an address: a component, else the address, with its port where it serves. */
function endNames({ resolve, addresses }: FileInventory) {
  return (address: string, port?: number): string => {
    const known = port === undefined ? undefined : addresses[`${address}:${port}`];
    const component = known ?? resolve({ 'host.ip': address }).component ?? address;
    const end = address.includes(':') ? `[${address}]` : address;
    return port === undefined || component !== address ? component : `${end}:${port}`;
  };
}
