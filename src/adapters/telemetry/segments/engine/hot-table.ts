import type { PackedBatch } from '../batch-layout.ts';
import { COLUMNS } from '../columns.ts';
import { freeMemory } from '../free-memory.ts';
import { MemoryFile } from '../memory-file.ts';
import { ParquetWriter } from '../parquet/parquet-writer.ts';
import { hotPage, type HotPage } from './hot-page.ts';
import { orderedCopy, type PlacedRun } from './ordered-copy.ts';
import type { TableSource } from './table-source.ts';
import type { TextCollector } from './text-filter.ts';
import { TraceCollector } from './trace-filter.ts';

/** Rows of a finished chunk: few files for a query, and little to write again after each batch. */
const CHUNK_ROWS = 20_000;

interface Chunk {
  readonly file: MemoryFile;
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
  readonly runs: readonly PlacedRun[];
}

/**
 * Records that are in the log but in no segment yet, as uncompressed Parquet in nameless memory
 * files. Batches gather in memory and become a file when there are enough of them, or when
 * somebody asks.
 */
export class HotTable {
  readonly generation: number;
  readonly traces = new TraceCollector();
  hasUids = false;
  readonly #folder: string;
  readonly #texts: string[] = [''];
  readonly #indexes = new Map<string, number>([['', 0]]);
  readonly #chunks: Chunk[] = [];
  #open: HotPage[] = [];
  #openRows = 0;
  #preview: Chunk | undefined;
  #rows = 0;
  #firstSeq = 0;

  constructor(generation: number, folder: string) {
    this.generation = generation;
    this.#folder = folder;
  }

  /** The position of its first row; 0 while it is empty. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  get rows(): number {
    return this.#rows;
  }

  get dictionary(): readonly string[] {
    return this.#texts;
  }

  /** Adds the rows of a batch; `lsn` is that of its first row. */
  load(batch: PackedBatch, lsn: number, sender: string): void {
    if (batch.rows === 0) return;
    const intern = (text: string): number => this.#intern(text);
    const page = hotPage(batch, lsn, intern(sender), intern);
    this.traces.add(batch.wide.traceHigh, batch.wide.traceLow);
    if (batch.texts.uid.plain.length > 0) this.hasUids = true;
    this.#dropPreview();
    this.#open.push(page);
    this.#openRows += page.rows;
    if (this.#rows === 0) this.#firstSeq = lsn;
    this.#rows += page.rows;
    if (this.#openRows < CHUNK_ROWS) return;
    this.#chunks.push(this.#write());
    for (const { columns } of this.#open) freeMemory(columns);
    this.#open = [];
    this.#openRows = 0;
  }

  /** What a query reads, pruned by time; the caller releases the files. */
  source(from?: bigint, to?: bigint): TableSource {
    if (this.#open.length > 0) this.#preview ??= this.#write();
    const chunks = this.#preview === undefined ? this.#chunks : [...this.#chunks, this.#preview];
    const wanted = chunks.filter(
      ({ minMoment, maxMoment }) =>
        (from === undefined || maxMoment >= from) && (to === undefined || minMoment < to),
    );
    for (const { file } of wanted) file.retain();
    return { files: wanted.map(({ file }) => file), dictionary: this.#texts };
  }

  /** Time range of everything in it; undefined while it is empty. */
  range(): { readonly minMoment: bigint; readonly maxMoment: bigint } | undefined {
    const parts = [...this.#chunks, ...this.#open];
    return parts.length === 0 ? undefined : extentOf(parts);
  }

  /**
   * Everything in one file, by component and about by time; the caller releases it. `texts` is
   * given the texts in that order.
   */
  ordered(texts: TextCollector): MemoryFile {
    if (this.#open.length > 0) this.#preview ??= this.#write();
    const chunks = this.#preview === undefined ? this.#chunks : [...this.#chunks, this.#preview];
    return orderedCopy(
      this.#folder,
      chunks.flatMap(({ runs }) => runs),
      texts,
    );
  }

  close(): void {
    this.#dropPreview();
    for (const { file } of this.#chunks) file.release();
    this.#chunks.length = 0;
    this.#open = [];
  }

  #write(): Chunk {
    const pages = this.#open;
    const file = new MemoryFile(this.#folder);
    try {
      const writer = new ParquetWriter(COLUMNS);
      const places = writer.addGroup(
        pages.reduce((sum, { rows }) => sum + rows, 0),
        COLUMNS.map((_, column) => pages.map(({ columns }) => columns[column] ?? new Uint8Array())),
      );
      writer.finish();
      file.write(writer.take(), 0);
      return { file, ...extentOf(pages), runs: placedRuns(file, pages, places) };
    } catch (error) {
      file.release();
      throw error;
    }
  }

  #dropPreview(): void {
    this.#preview?.file.release();
    this.#preview = undefined;
  }

  #intern(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.#texts.length;
    this.#texts.push(text);
    this.#indexes.set(text, index);
    return index;
  }
}

interface Extent {
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
}

function extentOf(parts: readonly Extent[]): Extent {
  let [minMoment, maxMoment] = [parts[0]?.minMoment ?? 0n, parts[0]?.maxMoment ?? 0n];
  for (const part of parts) {
    if (part.minMoment < minMoment) minMoment = part.minMoment;
    if (part.maxMoment > maxMoment) maxMoment = part.maxMoment;
  }
  return { minMoment, maxMoment };
}

/** Pages of a chunk lie one behind the other within each column. */
function placedRuns(
  file: MemoryFile,
  pages: readonly HotPage[],
  starts: readonly number[],
): readonly PlacedRun[] {
  const at = [...starts];
  return pages.flatMap(({ columns, runs }) => {
    const places = [...at];
    const lengths = columns.map(({ length }) => length);
    lengths.forEach((length, i) => (at[i] = (at[i] ?? 0) + length));
    return runs.map((run, i) => {
      const nextStarts = runs[i + 1]?.textStarts;
      return { ...run, file, places, lengths, nextStarts };
    });
  });
}
