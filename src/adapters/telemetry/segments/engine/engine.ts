import { assert } from '../../../../base/assert.ts';
import { lgError } from '../../../../model/errors/lg-error.ts';
import {
  NO_OVERLAY,
  shiftRange,
  type ClockOverlay,
} from '../../../../model/evidence/clock-overlay.ts';
import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import { unpackBatch } from '../batch-unpack.ts';
import { SegmentDamaged } from '../segment/segment-reader.ts';
import { ALIGNING_COLUMNS, alignedMomentSql } from './aligned-moment.ts';
import { countRecords } from './count.ts';
import type { DuckDb } from './duck-db.ts';
import { featureCells } from './feature-cells.ts';
import { findRecords } from './find.ts';
import { HotTable } from './hot-table.ts';
import { mergeSegments } from './merge-segments.ts';
import { produceSegment } from './produce-segment.ts';
import type { EngineCalls, EngineOptions, SegmentPart, SegmentRef, StoredUid } from './protocol.ts';
import { SegmentCache } from './segment-cache.ts';
import { releaseSource, type TableSource } from './table-source.ts';
import type { OpenTable, Table } from './table.ts';
import type { TextPlaces } from './text-lookup.ts';
import { TextPages } from './text-pages.ts';
import { scanForText } from './text-scan.ts';
import { readUids } from './uids.ts';

/** Says which segment was found damaged, so that it can be set aside. */
export class DamagedSegmentError extends Error {
  readonly segment: string;

  constructor(segment: string, why: string) {
    super(why);
    this.segment = segment;
  }
}

/** The query engine with everything it knows; lives in its own thread, see `engine-worker.ts`. */
export class Engine {
  readonly #database: DuckDb;
  readonly #options: EngineOptions;
  readonly #cache: SegmentCache;
  readonly #pages: TextPages;
  readonly #segments = new Map<string, SegmentRef>();
  /** In order of arrival; the last one is being loaded. */
  readonly #hot: HotTable[] = [];
  #loading: HotTable | undefined;

  constructor(database: DuckDb, options: EngineOptions) {
    this.#database = database;
    this.#options = options;
    this.#cache = new SegmentCache(options.memoryFolder, options.cacheBytes);
    this.#pages = new TextPages(options.textBytes);
  }

  load({ lsn, sender, bytes }: EngineCalls['load']['in']): number {
    const batch = unpackBatch(bytes);
    if (!batch.ok) throw lgError('LG_STORE_BATCH_INVALID', `the batch at ${lsn}: ${batch.error}`);
    assert(this.#loading !== undefined, 'a hot table is begun before it is loaded');
    this.#loading.load(batch.value, lsn, sender);
    return this.#loading.dictionary.length;
  }

  cut({ generation }: EngineCalls['cut']['in']): void {
    this.#loading = new HotTable(generation, this.#options.memoryFolder);
    this.#hot.push(this.#loading);
  }

  async produce(input: EngineCalls['produce']['in']): Promise<EngineCalls['produce']['out']> {
    const hot = this.#hot.find((table) => table.generation === input.generation);
    assert(hot !== undefined, `hot table ${input.generation} exists until it is published`);
    const { memoryFolder } = this.#options;
    return await produceSegment(this.#database, hot, memoryFolder, input.header, input.key);
  }

  async merge(input: EngineCalls['merge']['in']): Promise<EngineCalls['merge']['out']> {
    const known = this.#sealedTables(input.segments.map((id) => ({ id })));
    assert(known.length === input.segments.length, 'no segment to be merged is unknown');
    const tables: OpenTable[] = [];
    try {
      for (const table of known) tables.push(table.open());
      return await mergeSegments(this.#database, tables, input, this.#options.memoryFolder);
    } finally {
      for (const table of tables) table.done();
    }
  }

  publish({ generation, segment }: EngineCalls['publish']['in']): void {
    if (segment !== undefined) this.register(segment);
    const at = this.#hot.findIndex((table) => table.generation === generation);
    for (const table of at < 0 ? [] : this.#hot.splice(at, 1)) table.close();
  }

  register(segment: SegmentRef): void {
    this.#segments.set(segment.id, segment);
  }

  forget({ id }: EngineCalls['forget']['in']): void {
    this.#segments.delete(id);
    this.#cache.forget(id);
    this.#pages.forget(id);
  }

  async find(request: EngineCalls['find']['in']): Promise<EngineCalls['find']['out']> {
    return await this.#use(request, request.filter, (tables) =>
      findRecords(this.#database, tables, request),
    );
  }

  async count(request: EngineCalls['count']['in']): Promise<EngineCalls['count']['out']> {
    return await this.#use(request, request.hot ? request.filter : undefined, (tables) =>
      countRecords(this.#database, tables, request),
    );
  }

  async features(request: EngineCalls['features']['in']): Promise<EngineCalls['features']['out']> {
    return await this.#use(request, request.filter, (tables) =>
      featureCells(this.#database, tables, request),
    );
  }

  async uids(input: EngineCalls['uids']['in']): Promise<readonly StoredUid[]> {
    const { segment } = input;
    const [segments, hot] = segment === undefined ? [[], {}] : [[{ id: segment }], undefined];
    return await this.#use({ segments }, hot, (tables) => readUids(this.#database, tables, input));
  }

  close(): void {
    for (const table of this.#hot) table.close();
    this.#hot.length = 0;
    this.#cache.close();
    this.#database.close();
  }

  /**
   * Runs a query over segments and, given a filter for them, the hot tables. All are taken at once
   * when the request arrives: what is published meanwhile must be seen once, not twice or never.
   */
  async #use<Value>(
    { segments, overlay }: Asked,
    hotFilter: TimelineFilter | undefined,
    query: (tables: readonly Table[]) => Promise<Value>,
  ): Promise<Value> {
    const sources: TableSource[] = [];
    try {
      const tables: Table[] = this.#sealedTables(segments, overlay);
      const shift = shiftRange(overlay ?? NO_OVERLAY);
      for (const hot of hotFilter === undefined ? [] : this.#hot) {
        const range = hot.range();
        if (range === undefined) continue;
        const { from, to } = hotFilter ?? {};
        const source = hot.source(
          from === undefined ? undefined : from + shift.least,
          to === undefined ? undefined : to + shift.most,
        );
        sources.push(source);
        const opened: OpenTable = {
          ...source,
          aligned: alignedMomentSql(overlay, source.dictionary),
          ...ALL_IN_MEMORY,
          look: () => Promise.resolve(opened),
        };
        tables.push({ ...shifted(range, shift), firstSeq: hot.firstSeq, open: () => opened });
      }
      return await query(tables);
    } finally {
      for (const source of sources) releaseSource(source);
    }
  }

  #sealedTables(parts: readonly SegmentPart[], overlay?: ClockOverlay): Table[] {
    const shift = shiftRange(overlay ?? NO_OVERLAY);
    return parts.flatMap(({ id, text }) => {
      const segment = this.#segments.get(id);
      if (segment === undefined) return [];
      const range = shifted(segment, shift);
      return [{ ...segment, ...range, open: () => this.#openSegment(segment, text, overlay) }];
    });
  }

  #openSegment(
    segment: SegmentRef,
    text: TextPlaces | undefined,
    overlay: ClockOverlay | undefined,
  ): OpenTable {
    const lease = naming(segment.id, () => this.#cache.open(segment));
    const { reader } = lease;
    const aligned = alignedMomentSql(overlay, reader.index.dictionary);
    const scanned = { id: segment.id, reader, pages: this.#pages };
    const openAt = (places: TextPlaces | undefined): OpenTable => ({
      files: [reader.file],
      dictionary: reader.index.dictionary,
      aligned,
      single: true,
      text: places,
      stretches: places === undefined ? undefined : reader.stretches(places.rows),
      look: async (wanted) =>
        openAt(await namingLater(segment.id, scanForText(scanned, places, wanted))),
      need: (columns, only) => {
        const made = aligned !== undefined && columns.includes('moment');
        const all = made ? [...columns, ...ALIGNING_COLUMNS] : columns;
        naming(segment.id, () => reader.need(all, only));
      },
      done: lease.done,
    });
    return openAt(text);
  }
}

/** Which tables are asked, and by which version of the clocks. */
interface Asked {
  readonly segments: readonly SegmentPart[];
  readonly overlay?: ClockOverlay | undefined;
}

/** Between which aligned times the rows of a table may lie. */
function shifted(
  { minMoment, maxMoment }: Pick<Table, 'minMoment' | 'maxMoment'>,
  { least, most }: ReturnType<typeof shiftRange>,
): Pick<Table, 'minMoment' | 'maxMoment'> {
  return { minMoment: minMoment - most, maxMoment: maxMoment - least };
}

/** Hot tables need no decryption, and their memory is given back when the query ends. */
const ALL_IN_MEMORY = {
  single: false,
  text: undefined,
  need: () => undefined,
  done: () => undefined,
} as const;

/** Adds to a failure which segment it was. */
function naming<Value>(segment: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw named(segment, error);
  }
}

async function namingLater<Value>(segment: string, read: Promise<Value>): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    throw named(segment, error);
  }
}

function named(segment: string, error: unknown): unknown {
  if (error instanceof SegmentDamaged) return new DamagedSegmentError(segment, error.message);
  if (isMissing(error)) return new DamagedSegmentError(segment, 'its file is missing');
  return error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
