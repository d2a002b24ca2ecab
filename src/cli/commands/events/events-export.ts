import { assertUnreachable } from '../../../base/assert.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import type { Invocation } from '../../invocation.ts';
import { ExportedFile } from '../../export/exported-file.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { CsvWriter } from './csv-writer.ts';
import { newestRecords, type EventFilter } from './newest-records.ts';

/** The forms of file that records are written as. */
export const EXPORT_FORMS = ['csv', 'parquet'] as const;

/** One of them. */
export type ExportForm = (typeof EXPORT_FORMS)[number];

/** Where records are written. */
export interface ExportTarget {
  readonly form: ExportForm;
  /** `-` is stdout. */
  readonly file: string;
}

/** The most that is asked for at once. */
const PAGE = 5000;

/** Writes records in a form of file. */
interface RecordWriter {
  add(record: TimelineRecord): Promise<void>;
  finish(): Promise<void>;
}

/** What is stored of the timeline, oldest first: the newest `limit`, or all. */
export async function storedRecords(
  filter: EventFilter,
  limit: number | undefined,
  invocation: Invocation,
): Promise<AsyncIterable<TimelineRecord> | Iterable<TimelineRecord>> {
  const daemon = remoteDaemon(invocation);
  const { signal } = invocation;
  return limit === undefined
    ? daemon.timeline({ ...filter, limit: PAGE, order: 'oldest' }, { signal })
    : newestRecords(daemon, filter, limit, signal);
}

/** Writes records to a file, without ever holding all. */
export async function exportEvents(
  records: AsyncIterable<TimelineRecord> | Iterable<TimelineRecord>,
  { form, file }: ExportTarget,
  { screen }: Invocation,
): Promise<0> {
  const exported = new ExportedFile(file);
  const writer = await writerOf(form, exported);
  let count = 0;
  try {
    for await (const record of records) {
      await writer.add(record);
      count += 1;
    }
    await writer.finish();
  } finally {
    await exported.close();
  }
  if (file === '-') return 0;
  if (screen.isJson) screen.json({ file, format: form, records: count });
  else screen.out(`${count} records in ${file}`);
  return 0;
}

async function writerOf(form: ExportForm, file: ExportedFile): Promise<RecordWriter> {
  switch (form) {
    case 'csv':
      return new CsvWriter(file);
    case 'parquet': {
      // Loaded when it is asked for: every other command starts sooner without it.
      const { ParquetWriter } = await import('./parquet-writer.ts');
      return new ParquetWriter(file);
    }
    default:
      return assertUnreachable(form);
  }
}
