import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../shop/service-error.ts';
import { numberSetting } from './live-config.ts';
import { runService } from './run-service.ts';
import { decodeCharge } from './wire.ts';

/** Authorizations are remembered so that a repeated charge is charged once; oldest go first. */
const rememberedMax = 10_000;

await runService('payment', ({ settings, telemetry }) => {
  const authorizations = new Map<string, string>();
  return {
    'POST /charge': async ({ body }) => {
      const { order, amount } = decodeCharge(body);
      const known = authorizations.get(order);
      if (known !== undefined) return { status: 200, body: { authorization: known } };
      const amountMax = numberSetting(settings(), 'amountMax');
      if (amount > amountMax) {
        throw new ServiceError(
          422,
          `order ${order}: the amount ${amount} is over the limit amountMax ${amountMax}`,
        );
      }
      const authorization = randomUUID();
      authorizations.set(order, authorization);
      const oldest = authorizations.keys().next();
      if (authorizations.size > rememberedMax && !oldest.done) authorizations.delete(oldest.value);
      telemetry.debug(`charged ${amount} for order ${order}`);
      return { status: 200, body: { authorization } };
    },
  };
});
