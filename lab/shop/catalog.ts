import { ServiceError } from '../../shop/service-error.ts';
import { runService } from './run-service.ts';
import { openCache, openDatabase } from './servers.ts';

await runService('catalog', async ({ layout, setting, telemetry }) => {
  const database = openDatabase(layout, 'catalog', telemetry.log);
  const cache = await openCache(layout, telemetry.log);
  const cacheSeconds = setting('cacheSeconds');

  const cached = async (sku: string): Promise<number | undefined> => {
    try {
      const text = await cache.get(`price:${sku}`);
      return text === null ? undefined : Number(text);
    } catch (error) {
      // A price can be had without the cache, only later.
      telemetry.log.warn({ err: error }, 'the price cache is away');
      return undefined;
    }
  };

  return {
    'GET /price': async ({ query }) => {
      const sku = query.get('sku') ?? '';
      const known = await cached(sku);
      if (known !== undefined) return { status: 200, body: { sku, cents: known } };
      const found = await database.query('SELECT cents FROM products WHERE sku = $1', [sku]);
      const cents = Number(found.rows[0]?.cents);
      if (!Number.isSafeInteger(cents)) throw new ServiceError(404, `no price for ${sku}`);
      await cache.set(`price:${sku}`, cents, { EX: cacheSeconds }).catch(() => undefined);
      return { status: 200, body: { sku, cents } };
    },
  };
});
