import type { LedgerEntry } from './ledger.ts';

/** What a customer wants. */
export type WantedOrder = Pick<LedgerEntry, 'id' | 'sku' | 'quantity'>;

/** How it ended, and why not where it did not. */
export type OrderEnd = Pick<LedgerEntry, 'outcome'> & { readonly why: string };

/** Customers give up after this. */
const patienceMs = 2_000;

/** Fills a cart and orders what is in it. Never rejects: no answer is an outcome too. */
export async function placeOrder(shopUrl: string, wanted: WantedOrder): Promise<OrderEnd> {
  const signal = AbortSignal.timeout(patienceMs);
  const { id, sku, quantity } = wanted;
  const ask = async (method: string, path: string, body?: unknown): Promise<OrderEnd> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const url = `${shopUrl}${path}?order=${id}`;
    const answer = await fetch(url, { method, signal, ...(text !== undefined && { body: text }) });
    const said = (await answer.text()).slice(0, 200);
    const outcome = answer.ok ? 'acknowledged' : 'refused';
    return {
      outcome,
      why: answer.ok ? '' : `${method} ${path} answered ${answer.status}: ${said}`,
    };
  };
  try {
    const cart = await ask('PUT', '/carts', { sku, quantity });
    return cart.outcome === 'acknowledged' ? await ask('POST', '/orders') : cart;
  } catch (error) {
    return { outcome: 'unanswered', why: reasonOf(error) };
  }
}

/** fetch hides what happened behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
