import { loadFromRelease } from '../../shop/release.ts';
import { ServiceError } from '../../shop/service-error.ts';
import { runService } from './run-service.ts';
import { openDatabase } from './servers.ts';
import { countOf, membersOf, textOf } from './wire.ts';

/** The same order is charged once: a second charge finds the first. */
const chargeSql = `
  INSERT INTO payments (order_id, cents, authorization_code) VALUES ($1, $2, $3)
  ON CONFLICT (order_id) DO NOTHING`;

await runService('payment', async ({ layout, release, setting, telemetry }) => {
  // What a release brings is the talk with the payment gateway; it throws what that refuses.
  const authorize = await loadFromRelease(release, 'authorize.mts', 'authorize');
  const database = openDatabase(layout, 'payment', telemetry.log);
  const centsMax = setting('centsMax');
  return {
    'POST /charge': async ({ body }) => {
      const asked = membersOf(body);
      const order = textOf(asked, 'order');
      const cents = countOf(asked, 'cents');
      if (cents > centsMax) throw new ServiceError(402, `${cents} cents are over ${centsMax}`);
      const code = String(authorize(order, cents));
      await database.query(chargeSql, [order, cents, code]);
      return { status: 200, body: { order, authorization: code } };
    },
  };
});
