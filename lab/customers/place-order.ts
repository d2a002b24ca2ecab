import { Agent, request } from 'node:https';
import type { LedgerEntry } from '../../shop/ledger.ts';

/** What a customer wants. */
export type WantedOrder = Pick<LedgerEntry, 'id' | 'sku' | 'quantity'>;

/** How it ended, and why not where it did not. */
export type OrderEnd = Pick<LedgerEntry, 'outcome'> & { readonly why: string };

/** Customers give up after this. */
const patienceMs = 2_000;

/**
 * Each comes anew: a connection that stays would pass a firewall that lets nobody in any more, and
 * a session that is resumed would not look at the certificate.
 */
const strangers = new Agent({ keepAlive: false, maxCachedSessions: 0 });

/** Fills a cart and orders what is in it. Never rejects: no answer is an outcome too. */
export async function placeOrder(shopUrl: string, wanted: WantedOrder): Promise<OrderEnd> {
  const signal = AbortSignal.timeout(patienceMs);
  const { id, sku, quantity } = wanted;
  const ask = async (method: string, path: string, body = ''): Promise<OrderEnd> => {
    const answer = await send(method, `${shopUrl}${path}?order=${id}`, body, signal);
    if (answer.status < 300) return { outcome: 'acknowledged', why: '' };
    const why = `${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`;
    return { outcome: 'refused', why };
  };
  try {
    const cart = await ask('PUT', '/carts', JSON.stringify({ sku, quantity }));
    return cart.outcome === 'acknowledged' ? await ask('POST', '/orders') : cart;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { outcome: 'unanswered', why: signal.aborted ? 'no answer in time' : reason };
  }
}

function send(
  method: string,
  url: string,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method, agent: strangers, signal, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
