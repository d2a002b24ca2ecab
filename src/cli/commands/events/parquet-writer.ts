import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter as Writer } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet-writer';
import { parseRfc3339 } from '../../../base/time.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { cellText } from '../../export/cell-text.ts';
import type { ExportedFile } from '../../export/exported-file.ts';
import { EVENT_COLUMNS, type EventColumn } from './event-columns.ts';

/** Records of a row group: enough to compress well, few enough to be held at once. */
const GROUP_RECORDS = 20_000;

/**
 * Writes records as Apache Parquet, compressed with zstd: times are timestamps of nanoseconds in
 * UTC, numbers 64-bit integers, objects JSON.
 */
export class ParquetWriter {
  readonly #file: ExportedFile;
  readonly #bytes = new ByteWriter();
  readonly #writer: Writer;
  #records: TimelineRecord[] = [];

  constructor(file: ExportedFile) {
    this.#file = file;
    this.#writer = new Writer({
      writer: this.#bytes,
      schema: SCHEMA,
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      createdBy: 'lastgood',
    });
  }

  async add(record: TimelineRecord): Promise<void> {
    this.#records.push(record);
    if (this.#records.length === GROUP_RECORDS) await this.#writeGroup();
  }

  async finish(): Promise<void> {
    await this.#writeGroup();
    await this.#writer.finish();
    await this.#flush();
  }

  async #writeGroup(): Promise<void> {
    const records = this.#records;
    this.#records = [];
    if (records.length === 0) return;
    const columnData = EVENT_COLUMNS.map((column) => ({
      name: column.name,
      data: records.map((record) => cellOf(column, record)),
    }));
    await this.#writer.write({ columnData, rowGroupSize: records.length });
    await this.#flush();
  }

  /** Gives what is encoded to the file; offsets in the footer count on. */
  async #flush(): Promise<void> {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    await this.#file.write(bytes);
  }
}

const PARQUET_TYPES: Readonly<Record<EventColumn['type'], Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  time: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
  },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

const SCHEMA: SchemaElement[] = [
  { name: 'events', num_children: EVENT_COLUMNS.length },
  ...EVENT_COLUMNS.map(({ name, type }) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...PARQUET_TYPES[type],
  })),
];

function cellOf({ type, value }: EventColumn, record: TimelineRecord): unknown {
  const cell = value(record);
  if (type === 'time') return typeof cell === 'string' ? parseRfc3339(cell) : undefined;
  if (type === 'integer') return typeof cell === 'number' ? BigInt(Math.trunc(cell)) : undefined;
  return cellText(cell);
}
