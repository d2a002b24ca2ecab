import type { DuckDb } from './duck-db.ts';
import type { EngineCalls, StoredUid } from './protocol.ts';
import { tableOf } from './table-source.ts';
import type { Table } from './table.ts';

/** Stored uids behind `afterSeq` in order of `seq`, all or only those of the rows asked for. */
export async function readUids(
  database: DuckDb,
  tables: readonly Table[],
  { seqs, afterSeq, limit }: EngineCalls['uids']['in'],
): Promise<readonly StoredUid[]> {
  const found: StoredUid[] = [];
  for (const table of tables) {
    const open = table.open();
    try {
      open.need(['seq', 'sender', 'uid']);
      const only = seqs === undefined ? 'true' : `seq IN (${[0, ...seqs].join(', ')})`;
      const rows = await database.rows(
        `SELECT seq, sender, uid FROM ${tableOf(open)} ` +
          `WHERE uid <> '' AND seq > ${afterSeq} AND ${only} ORDER BY seq LIMIT ${limit}`,
      );
      for (const [seq, sender, uid] of rows) {
        const text = open.dictionary[Number(sender)] ?? '';
        found.push({ seq: Number(seq), sender: text, uid: String(uid) });
      }
    } finally {
      open.done();
    }
  }
  return found.toSorted((a, b) => a.seq - b.seq).slice(0, limit);
}
