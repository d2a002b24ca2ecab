import { createHash } from 'node:crypto';

/** Asks the payment gateway for an amount in cents; returns its authorization code. */
export function authorize(order: string, cents: number): string {
  return createHash('sha256').update(`${order} ${cents}`).digest('hex').slice(0, 12);
}
