import { callJson } from '../../shop/json-call.ts';
import type { CallOptions } from '../../shop/json-call.ts';
import { serviceUrl } from '../../shop/layout.ts';
import { ServiceError } from '../../shop/service-error.ts';
import { openOrderEvents } from './order-events.ts';
import { runService } from './run-service.ts';
import { openCache, openDatabase } from './servers.ts';
import { countOf, membersOf, textOf } from './wire.ts';

/** A cart nobody came back for is forgotten. */
const cartSeconds = 600;

/** An order exists once this has committed; the same one again changes nothing. */
const placeSql = `
  INSERT INTO orders (id, sku, quantity, cents, authorization_code) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO NOTHING`;

await runService('checkout', async ({ layout, setting, telemetry }) => {
  const database = openDatabase(layout, 'checkout', telemetry.log);
  const carts = await openCache(layout, telemetry.log);
  const events = openOrderEvents(layout, telemetry.log);
  const timeoutMs = setting('callTimeoutMs');

  const ask = async (
    service: string,
    path: string,
    options: Pick<CallOptions, 'method' | 'body'>,
  ): Promise<ReadonlyMap<string, unknown>> => {
    const url = `${serviceUrl(layout, service)}${path}`;
    const answer = await callJson(url, { ...options, timeoutMs }).catch((cause: Error) => {
      throw new ServiceError(502, cause.message);
    });
    const answered = membersOf(answer.body);
    if (answer.status === 200) return answered;
    const why = String(answered.get('error'));
    throw new ServiceError(502, `${service} answered ${answer.status}: ${why}`);
  };

  const placeOrder = async (id: string, sku: string, quantity: number): Promise<number> => {
    const price = await ask('catalog', `/price?sku=${encodeURIComponent(sku)}`, { method: 'GET' });
    const cents = countOf(price, 'cents') * quantity;
    await ask('inventory', '/reserve', { method: 'POST', body: { order: id, sku, quantity } });
    try {
      const paid = await ask('payment', '/charge', { method: 'POST', body: { order: id, cents } });
      await database.query(placeSql, [id, sku, quantity, cents, textOf(paid, 'authorization')]);
    } catch (error) {
      const release = { method: 'POST', body: { order: id } } as const;
      await ask('inventory', '/release', release).catch(() => undefined);
      throw error;
    }
    return cents;
  };

  return {
    'PUT /carts': async ({ query, body }) => {
      const id = query.get('order') ?? '';
      const wanted = membersOf(body);
      const cart = { sku: textOf(wanted, 'sku'), quantity: countOf(wanted, 'quantity') };
      await carts.set(`cart:${id}`, JSON.stringify(cart), { EX: cartSeconds });
      return { status: 200, body: { order: id } };
    },
    'POST /orders': async ({ query }) => {
      const id = query.get('order') ?? '';
      try {
        const text = await carts.get(`cart:${id}`);
        if (text === null) throw new ServiceError(404, `there is no cart ${id}`);
        const cart = membersOf(JSON.parse(text));
        const sku = textOf(cart, 'sku');
        const quantity = countOf(cart, 'quantity');
        const cents = await placeOrder(id, sku, quantity);
        events.tell({ id, sku, quantity });
        await carts.del(`cart:${id}`).catch(() => undefined);
        telemetry.countOrder('placed');
        telemetry.log.info(`order ${id} placed: ${quantity} x ${sku} for ${cents} cents`);
        return { status: 201, body: { id, cents } };
      } catch (error) {
        telemetry.countOrder('failed');
        throw error;
      }
    },
  };
});
