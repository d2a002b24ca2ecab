import { callJson } from '../../shop/json-call.ts';
import { serviceUrl } from '../../shop/layout.ts';
import { ordersDatabase } from './layout.ts';
import { numberSetting } from './live-config.ts';
import { openOrders } from './orders.ts';
import { loadOrderTotal } from './order-total.ts';
import { runService } from './run-service.ts';
import { decodeAuthorization, decodeOrder, decodePrice } from './wire.ts';

await runService('checkout', async ({ layout, release, settings, telemetry }) => {
  const orderTotal = await loadOrderTotal(release);
  const orders = openOrders(ordersDatabase(layout.root));

  const price = async (sku: string, timeoutMs: number): Promise<number> => {
    const url = `${serviceUrl(layout, 'catalog')}/price?sku=${encodeURIComponent(sku)}`;
    const answer = await callJson(url, { method: 'GET', timeoutMs });
    if (answer.status !== 200) throw new Error(`catalog answered ${answer.status}`);
    return decodePrice(answer.body);
  };

  const charge = async (order: string, amount: number, timeoutMs: number): Promise<string> => {
    const url = `${serviceUrl(layout, 'payment')}/charge`;
    const answer = await callJson(url, { method: 'POST', body: { order, amount }, timeoutMs });
    if (answer.status !== 200) throw new Error(`payment answered ${answer.status}`);
    return decodeAuthorization(answer.body);
  };

  return {
    'POST /orders': async ({ body }) => {
      const { id, sku, quantity } = decodeOrder(body);
      const known = orders.find(id);
      if (known) return { status: 201, body: { id, total: known.total } };
      try {
        const timeoutMs = numberSetting(settings(), 'callTimeoutMs');
        const total = orderTotal([{ sku, quantity, price: await price(sku, timeoutMs) }]);
        const authorization = await charge(id, total, timeoutMs);
        orders.place({ id, sku, quantity, total, authorization, release: release.version });
        telemetry.countOrder('placed');
        telemetry.info(`order ${id} placed: ${quantity} x ${sku} for ${total} cents`);
        return { status: 201, body: { id, total } };
      } catch (error) {
        telemetry.countOrder('failed');
        throw error;
      }
    },
  };
});
