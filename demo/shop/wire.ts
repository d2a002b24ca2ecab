/** What a customer sends to order. `id` is chosen by the customer, so that a resend is safe. */
export type OrderRequest = {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
};

/** A customer who orders more of one thing than this is a mistake. */
const quantityMax = 100;

/** Decodes an order; throws with the field that is wrong. */
export function decodeOrder(body: unknown): OrderRequest {
  const id = textField(body, 'id');
  const sku = textField(body, 'sku');
  const quantity = numberField(body, 'quantity');
  const isQuantity = Number.isInteger(quantity) && quantity >= 1 && quantity <= quantityMax;
  if (!isQuantity) throw new Error(`quantity ${quantity} is not between 1 and ${quantityMax}`);
  return { id, sku, quantity };
}

/** Decodes what payment is asked to charge, in cents. */
export function decodeCharge(body: unknown): { readonly order: string; readonly amount: number } {
  return { order: textField(body, 'order'), amount: numberField(body, 'amount') };
}

/** Decodes catalog's answer: the price of one. */
export const decodePrice = (body: unknown): number => numberField(body, 'price');

/** Decodes payment's answer: the authorization. */
export const decodeAuthorization = (body: unknown): string => textField(body, 'authorization');

function textField(body: unknown, name: string): string {
  const value = field(body, name);
  if (typeof value !== 'string' || value === '') throw new Error(`${name} is not a text`);
  return value;
}

function numberField(body: unknown, name: string): number {
  const value = field(body, name);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`${name} is not a number`);
  }
  return value;
}

function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) throw new Error('the body is not a JSON object');
  return new Map<string, unknown>(Object.entries(body)).get(name);
}
