import { utf8 } from '../../../base/bytes.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { csvLine } from '../../export/csv-line.ts';
import type { ExportedFile } from '../../export/exported-file.ts';
import { EVENT_COLUMNS } from './event-columns.ts';

/** Written at once: few calls, little memory. */
const WRITE_CHARS = 64 * 1024;

/** Writes records as CSV (RFC 4180): a header line, objects as JSON. */
export class CsvWriter {
  readonly #file: ExportedFile;
  #waiting = csvLine(EVENT_COLUMNS.map(({ name }) => name));

  constructor(file: ExportedFile) {
    this.#file = file;
  }

  async add(record: TimelineRecord): Promise<void> {
    this.#waiting += csvLine(EVENT_COLUMNS.map(({ value }) => value(record)));
    if (this.#waiting.length >= WRITE_CHARS) await this.finish();
  }

  async finish(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    await this.#file.write(utf8(text));
  }
}
