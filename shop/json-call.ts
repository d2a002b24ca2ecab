import http from 'node:http';
import type { JsonAnswer } from './json-server.ts';
import { readBody } from './read-body.ts';

/** How a JSON call is made. */
export type CallOptions = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly timeoutMs: number;
};

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** A service that is being replaced is back within milliseconds; one short wait covers that. */
const retryAfterMs = 60;

/**
 * Calls a JSON service and resolves with its answer, whatever the status. Rejects only when there
 * was no answer: refused, reset, or silent for `timeoutMs`. Refused, or reset on a kept connection,
 * is tried once more: every call of a shop carries the order's id, so twice is once. Made with
 * `node:http`, which is what the instrumentation sees.
 */
export async function callJson(url: string, options: CallOptions): Promise<JsonAnswer> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const first = await attempt(url, options, signal);
  if (first.kind === 'answer') return first.answer;
  if (!first.isWorthRetry) throw noAnswer(url, options, first.cause, signal);
  await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  const second = await attempt(url, options, signal);
  if (second.kind === 'answer') return second.answer;
  throw noAnswer(url, options, second.cause, signal);
}

type Attempt =
  | { readonly kind: 'answer'; readonly answer: JsonAnswer }
  | { readonly kind: 'failure'; readonly cause: unknown; readonly isWorthRetry: boolean };

function attempt(url: string, options: CallOptions, signal: AbortSignal): Promise<Attempt> {
  const { method, body } = options;
  const payload = body === undefined ? '' : JSON.stringify(body);
  const length = Buffer.byteLength(payload);
  const headers = { 'content-type': 'application/json', 'content-length': length };
  return new Promise((resolve) => {
    const request = http.request(url, { agent, method, headers, signal }, (response) => {
      readBody(response).then(
        (text) => {
          const answer = { status: response.statusCode ?? 0, body: decode(text) };
          resolve({ kind: 'answer', answer });
        },
        (cause: unknown) => resolve({ kind: 'failure', cause, isWorthRetry: false }),
      );
    });
    request.once('error', (cause) => {
      const code = 'code' in cause ? cause.code : '';
      const isStale = code === 'ECONNRESET' && request.reusedSocket;
      resolve({ kind: 'failure', cause, isWorthRetry: isStale || code === 'ECONNREFUSED' });
    });
    request.end(payload);
  });
}

function noAnswer(url: string, options: CallOptions, cause: unknown, signal: AbortSignal): Error {
  const call = `${options.method} ${url}`;
  if (signal.aborted)
    return new Error(`${call} got no answer in ${options.timeoutMs} ms`, { cause });
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Error(`${call} got no answer: ${code}`, { cause });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
