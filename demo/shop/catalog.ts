import { ServiceError } from '../../shop/service-error.ts';
import { textSetting } from './live-config.ts';
import { runService } from './run-service.ts';

/** What the shop sells, in cents. */
const prices = new Map([
  ['teapot', 2490],
  ['cup', 790],
  ['saucer', 490],
  ['spoon', 290],
  ['tray', 1990],
]);

/** How many of a cent one unit of the configured price is. */
const perCent = new Map([
  ['cent', 1],
  ['millicent', 1000],
]);

await runService('catalog', ({ settings, telemetry }) => ({
  'GET /price': async ({ query }) => {
    const sku = query.get('sku') ?? '';
    const price = prices.get(sku);
    if (price === undefined) throw new ServiceError(404, `no price for ${JSON.stringify(sku)}`);
    const now = settings();
    const unit = textSetting(now, 'priceUnit');
    const factor = perCent.get(unit);
    if (factor === undefined) throw new Error(`priceUnit ${JSON.stringify(unit)} is not known`);
    if (textSetting(now, 'logLevel') === 'debug') telemetry.debug(`priced ${sku} at ${price}`);
    return { status: 200, body: { sku, price: price * factor } };
  },
}));
