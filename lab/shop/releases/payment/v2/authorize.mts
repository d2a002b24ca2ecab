import { createHash } from 'node:crypto';

/** The gateway's new interface takes amounts in euros. */
const centsPerEuro = 100;

/** Asks the payment gateway's new interface for an amount; returns its authorization code. */
export function authorize(order: string, cents: number): string {
  const euros = cents / centsPerEuro;
  if (!Number.isInteger(euros)) {
    throw new Error(`payment gateway refused: amount ${euros} is no whole number`);
  }
  return createHash('sha256').update(`${order} ${euros}`).digest('hex').slice(0, 12);
}
