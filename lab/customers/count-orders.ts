import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { psql } from '../parts/postgres.ts';
import { runCommand } from '../stage/run-command.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { readLedger } from '../../shop/ledger.ts';

/** What became of all orders so far. */
export type OrderCount = {
  /** Orders the customers tried to place. */
  readonly placed: number;
  /** Orders the shop said yes to whose payment is in PostgreSQL. */
  readonly paid: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Orders the shop said yes to that PostgreSQL does not hold as they were ordered. */
  readonly lost: readonly string[];
};

/** Compares the customers' ledger with the shop's database, order by order. */
export async function countOrders(stageFolder: string): Promise<OrderCount> {
  // The ledger first: an order acknowledged in between is then in the database only.
  const file = join(stageFolder, 'customers', 'ledger.ndjson');
  if (!existsSync(file)) throw new LabFailure(`${file}: no customer ever ordered; say up first`);
  const ledger = readLedger(file);
  const sql = `SELECT o.id, o.sku, o.quantity, p.order_id IS NOT NULL
    FROM orders o LEFT JOIN payments p ON p.order_id = o.id`;
  const rows = (await runCommand(psql({ folder: stageFolder }, 'shop', sql))).split('\n');
  const kept = new Map(rows.map((row) => [row.slice(0, row.lastIndexOf('|')), row.endsWith('|t')]));
  const keptAs = ({ id, sku, quantity }: (typeof ledger)[number]): boolean | undefined =>
    kept.get(`${id}|${sku}|${quantity}`);
  const acknowledged = ledger.filter(({ outcome }) => outcome === 'acknowledged');
  return {
    placed: ledger.length,
    paid: acknowledged.filter((entry) => keptAs(entry) === true).length,
    refused: ledger.filter(({ outcome }) => outcome === 'refused').length,
    unanswered: ledger.filter(({ outcome }) => outcome === 'unanswered').length,
    lost: acknowledged.filter((entry) => keptAs(entry) === undefined).map(({ id }) => id),
  };
}
