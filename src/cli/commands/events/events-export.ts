import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { TimelineRecord } from '../../../model/timeline-record.ts';
import type { Invocation } from '../../invocation.ts';
import { newestRecords, type EventFilter } from './newest-records.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';

/** The forms of file that records are written as. */
export const EXPORT_FORMS = ['csv'] as const;

/** What is written, and where. */
export interface ExportedEvents {
  readonly filter: EventFilter;
  /** The newest so many; all when absent. */
  readonly limit: number | undefined;
  /** `-` is stdout. */
  readonly file: string;
}

/** The most that is held at once. */
const PAGE = 5000;

/** Written at once: few calls, little memory. */
const WRITE_CHARS = 64 * 1024;

/** A column of the file: a member of the record, objects as JSON. */
type Column = readonly [name: string, value: (record: TimelineRecord) => unknown];

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['kind', ({ kind }) => kind],
  ['time', ({ time }) => time],
  ['observedTime', ({ observedTime }) => observedTime],
  ['alignedTime', ({ alignedTime }) => alignedTime],
  ['clock.id', ({ clock }) => clock.id],
  ['clock.offsetNs', ({ clock }) => clock.offsetNs],
  ['clock.boundNs', ({ clock }) => clock.boundNs],
  ['clock.method', ({ clock }) => clock.method],
  ['component', ({ component }) => component],
  ['host', ({ host }) => host],
  ['service', ({ service }) => service],
  ['severity', ({ severity }) => severity],
  ['severityText', ({ severityText }) => severityText],
  ['eventName', ({ eventName }) => eventName],
  ['body', ({ body }) => body],
  ['traceId', ({ traceId }) => traceId],
  ['spanId', ({ spanId }) => spanId],
  ['parentSpanId', ({ parentSpanId }) => parentSpanId],
  ['durationNs', ({ durationNs }) => durationNs],
  ['resource', ({ resource }) => resource],
  ['attributes', ({ attributes }) => attributes],
  ['source.id', ({ source }) => source.id],
  ['source.position', ({ source }) => source.position],
];

/** Writes records as CSV (RFC 4180, a header line), oldest first, without ever holding all. */
export async function exportEvents(
  { filter, limit, file }: ExportedEvents,
  invocation: Invocation,
): Promise<0> {
  const { screen, signal } = invocation;
  const daemon = remoteDaemon(invocation);
  const records =
    limit === undefined
      ? daemon.timeline({ ...filter, limit: PAGE, order: 'oldest' }, { signal })
      : await newestRecords(daemon, filter, limit, signal);
  const writer = new LineWriter(file);
  let count = 0;
  await writer.write(csvLine(COLUMNS.map(([name]) => name)));
  for await (const record of records) {
    await writer.write(csvLine(COLUMNS.map(([, value]) => value(record))));
    count += 1;
  }
  await writer.end();
  if (file === '-') return 0;
  if (screen.isJson) screen.json({ file, format: 'csv', records: count });
  else screen.out(`${count} records in ${file}`);
  return 0;
}

/** A line of CSV: what holds a comma, a quote or a line break stands in quotes. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes to a file, private to its owner, or to stdout, no faster than is taken. */
class LineWriter {
  readonly #file: string;
  #handle: FileHandle | undefined;
  #waiting = '';

  constructor(file: string) {
    this.#file = file;
  }

  async write(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= WRITE_CHARS) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#handle?.close();
  }

  async #flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (this.#file === '-') {
      await new Promise<void>((resolve) => void process.stdout.write(text, () => resolve()));
      return;
    }
    try {
      this.#handle ??= await open(this.#file, 'w', 0o600);
      await this.#handle.writeFile(text);
    } catch (cause) {
      const detail = `${this.#file} cannot be written: ${messageOf(cause)}`;
      throw lgError('LG_RUNTIME_USAGE', detail, cause);
    }
  }
}
