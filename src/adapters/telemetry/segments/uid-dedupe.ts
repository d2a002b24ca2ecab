import type { Result } from '../../../base/result.ts';
import { ok } from '../../../base/result.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { StoredUid } from './engine/protocol.ts';
import { selectRows } from '../../../model/record/select-rows.ts';
import type { UidWindow } from './uid-window.ts';

/** Looks up what uids stand in these rows; rows that cannot be read are left out. */
export type ReadUids = (seqs: readonly number[]) => Promise<Result<readonly StoredUid[]>>;

/** A batch without the rows that were stored before. */
export interface Deduped {
  readonly batch: RecordBatch;
  readonly repeated: number;
}

/** Drops records whose `log.record.uid` their sender brought before, within the window. */
export class UidDedupe {
  readonly #window: UidWindow;
  readonly #read: ReadUids;

  constructor(window: UidWindow, read: ReadUids) {
    this.#window = window;
    this.#read = read;
  }

  /**
   * `group` holds the uids of batches that are written together with this one and is added to; if
   * that write fails it is thrown away, and nothing here remembers them.
   */
  async filter(batch: RecordBatch, sender: string, group: Set<string>): Promise<Result<Deduped>> {
    if (!hasUids(batch)) return ok({ batch, repeated: 0 });
    const hints = new Set<number>();
    for (const uid of batch.uid) {
      if (uid !== '') for (const seq of this.#window.candidates(sender, uid)) hints.add(seq);
    }
    const stored = new Set<string>();
    if (hints.size > 0) {
      const read = await this.#read([...hints]);
      if (!read.ok) return read;
      for (const each of read.value) stored.add(scoped(each.sender, each.uid));
    }
    const keep: number[] = [];
    batch.uid.forEach((uid, row) => {
      const key = scoped(sender, uid);
      if (uid !== '' && (stored.has(key) || group.has(key))) return;
      if (uid !== '') group.add(key);
      keep.push(row);
    });
    const repeated = batch.rows - keep.length;
    return ok({ batch: repeated === 0 ? batch : selectRows(batch, keep), repeated });
  }

  /** The rows of a batch are stored now, from `lsn` on. */
  remember(batch: RecordBatch, sender: string, lsn: number, nowMs: number): void {
    if (!hasUids(batch)) return;
    batch.uid.forEach((uid, row) => {
      if (uid !== '') this.#window.add(sender, uid, lsn + row, nowMs);
    });
  }
}

/** Whether any record of a batch has a uid. */
export function hasUids(batch: RecordBatch): boolean {
  return batch.uid.some((uid) => uid !== '');
}

function scoped(sender: string, uid: string): string {
  return `${sender}\n${uid}`;
}
