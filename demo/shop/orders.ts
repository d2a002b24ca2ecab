import { DatabaseSync } from 'node:sqlite';

/** An order as checkout keeps it; money in cents. */
export type Order = {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly total: number;
  readonly authorization: string;
  readonly release: string;
};

/** Checkout's orders. */
export type Orders = {
  /** Stores an order durably before it returns; the same id again changes nothing. */
  readonly place: (order: Order) => void;
  readonly find: (id: string) => Order | undefined;
  readonly close: () => void;
};

/** A second writer does not exist, but a verifier may read: wait for it this long. */
const busyTimeoutMs = 2_000;

/**
 * Opens the orders in an SQLite file. Journal WAL with synchronous=FULL: a committed order survives
 * kill -9 and power loss, so an order may be acknowledged as soon as `place` has returned.
 */
export function openOrders(file: string): Orders {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL, total INTEGER NOT NULL,
    authorization TEXT NOT NULL, release TEXT NOT NULL) STRICT`);
  const insert = database.prepare(
    `INSERT INTO orders (id, sku, quantity, total, authorization, release)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const select = database.prepare('SELECT * FROM orders WHERE id = ?');
  return {
    place: (order) => {
      const { id, sku, quantity, total, authorization, release } = order;
      insert.run(id, sku, quantity, total, authorization, release);
    },
    find: (id) => {
      const row = select.get(id);
      if (row === undefined) return undefined;
      return {
        id,
        sku: String(row['sku']),
        quantity: Number(row['quantity']),
        total: Number(row['total']),
        authorization: String(row['authorization']),
        release: String(row['release']),
      };
    },
    close: () => database.close(),
  };
}
