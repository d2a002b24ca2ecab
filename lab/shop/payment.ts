import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runService, ServiceError } from './run-service.ts';
import { openDatabase } from './servers.ts';
import { countOf, membersOf, textOf } from './wire.ts';

/** What a release brings: the talk with the payment gateway. It throws what the gateway refuses. */
type Authorize = (order: string, cents: number) => string;

async function loadAuthorize(release: string): Promise<Authorize> {
  const file = join(release, 'authorize.mts');
  const loaded: unknown = await import(pathToFileURL(file).href);
  const isRelease = typeof loaded === 'object' && loaded !== null && 'authorize' in loaded;
  if (!isRelease || typeof loaded.authorize !== 'function') {
    throw new Error(`${file} exports no function authorize`);
  }
  const { authorize } = loaded;
  return (order, cents) => String(authorize(order, cents));
}

/** The same order is charged once: a second charge finds the first. */
const chargeSql = `
  INSERT INTO payments (order_id, cents, authorization_code) VALUES ($1, $2, $3)
  ON CONFLICT (order_id) DO NOTHING`;

await runService('payment', async ({ layout, release, setting, telemetry }) => {
  const authorize = await loadAuthorize(release);
  const database = openDatabase(layout, 'payment', telemetry.log);
  const centsMax = setting('centsMax');
  return {
    'POST /charge': async ({ body }) => {
      const asked = membersOf(body);
      const order = textOf(asked, 'order');
      const cents = countOf(asked, 'cents');
      if (cents > centsMax) throw new ServiceError(402, `${cents} cents are over ${centsMax}`);
      const code = authorize(order, cents);
      await database.query(chargeSql, [order, cents, code]);
      return { status: 200, body: { order, authorization: code } };
    },
  };
});
