import { DatabaseSync } from 'node:sqlite';
import { readLedger } from '../../shop/ledger.ts';

/** What the comparison of the customers' ledger with the shop's database found. */
export type Verification = {
  readonly ordered: number;
  readonly acknowledged: number;
  /** Ids acknowledged to a customer that the database does not hold as ordered. Must be empty. */
  readonly lost: readonly string[];
};

/**
 * Checks, order by order, that everything the shop said yes to is in its database with what was
 * ordered. Opens the database read-only; the shop may still run.
 */
export function verifyOrders(ledgerFile: string, databaseFile: string): Verification {
  const entries = readLedger(ledgerFile);
  const database = new DatabaseSync(databaseFile, { readOnly: true, timeout: 2_000 });
  try {
    const select = database.prepare(
      'SELECT count(*) AS found FROM orders WHERE id = ? AND sku = ? AND quantity = ?',
    );
    const acknowledged = entries.filter((entry) => entry.outcome === 'acknowledged');
    const lost = acknowledged.filter(
      ({ id, sku, quantity }) => select.get(id, sku, quantity)?.['found'] !== 1,
    );
    return {
      ordered: entries.length,
      acknowledged: acknowledged.length,
      lost: lost.map((entry) => entry.id),
    };
  } finally {
    database.close();
  }
}
