import { ServiceError } from '../../shop/service-error.ts';
import { openOrderEvents } from './order-events.ts';
import { runService } from './run-service.ts';
import { openDatabase } from './servers.ts';
import { countOf, membersOf, textOf } from './wire.ts';

/** Reserves once an order, however often it is asked; takes nothing where too little is left. */
const reserveSql = `
  WITH taken AS (
    UPDATE stock SET available = available - $3
    WHERE sku = $2 AND available >= $3
      AND NOT EXISTS (SELECT 1 FROM reservations WHERE order_id = $1)
    RETURNING sku)
  INSERT INTO reservations (order_id, sku, quantity)
  SELECT $1, sku, $3 FROM taken ON CONFLICT (order_id) DO NOTHING`;

/** Gives back what an order that came to nothing had reserved. */
const releaseSql = `
  WITH given AS (DELETE FROM reservations WHERE order_id = $1 RETURNING sku, quantity)
  UPDATE stock SET available = available + given.quantity FROM given WHERE stock.sku = given.sku`;

await runService('inventory', ({ layout, telemetry }) => {
  const database = openDatabase(layout, 'inventory', telemetry.log);
  openOrderEvents(layout, telemetry.log, async ({ id }) => {
    await database.query(
      'INSERT INTO shipments (order_id) VALUES ($1) ON CONFLICT (order_id) DO NOTHING',
      [id],
    );
    telemetry.countOrder('shipped');
  });
  const isReserved = async (order: string): Promise<boolean> => {
    const found = await database.query('SELECT 1 FROM reservations WHERE order_id = $1', [order]);
    return found.rowCount === 1;
  };
  return {
    'POST /reserve': async ({ body }) => {
      const asked = membersOf(body);
      const order = textOf(asked, 'order');
      const sku = textOf(asked, 'sku');
      const quantity = countOf(asked, 'quantity');
      const { rowCount } = await database.query(reserveSql, [order, sku, quantity]);
      const reserved = rowCount === 1 || (await isReserved(order));
      if (!reserved) throw new ServiceError(409, `fewer than ${quantity} of ${sku} are left`);
      return { status: 200, body: { order, sku, quantity } };
    },
    'POST /release': async ({ body }) => {
      const order = textOf(membersOf(body), 'order');
      await database.query(releaseSql, [order]);
      return { status: 200, body: { order } };
    },
  };
});
