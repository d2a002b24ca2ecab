import http from 'node:http';

/** What a route is given: the path's query and the decoded body (undefined for a GET). */
export type JsonRequest = { readonly query: URLSearchParams; readonly body: unknown };

/** What a route answers. */
export type JsonAnswer = { readonly status: number; readonly body: unknown };

/** The routes of a service, by `"METHOD /path"`. */
export type Routes = Readonly<Record<string, (request: JsonRequest) => Promise<JsonAnswer>>>;

/** An order is some hundred bytes; a body beyond this is no customer of ours. */
const bodyBytesMax = 64 * 1024;

/** Called when a route throws; decides what the caller is told. */
export type FailureAnswer = (route: string, error: unknown) => JsonAnswer;

/** A service that is being replaced gives its port up within this time, or the new one fails. */
const portWaitMs = 6_000;
const portRetryMs = 10;

/**
 * Serves `routes` as JSON on 127.0.0.1 at `port` and resolves once it listens. A port still held
 * by the process it replaces is waited for, which keeps the gap of a restart to milliseconds.
 * A route that throws is answered by `onFailure`, so no request is ever left without an answer.
 */
export async function serveJson(
  port: number,
  routes: Routes,
  onFailure: FailureAnswer,
): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    void answer(request, routes, onFailure).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  const until = Date.now() + portWaitMs;
  for (;;) {
    const failure = await listen(server, port);
    if (failure === undefined) return server;
    const isHeld = 'code' in failure && failure.code === 'EADDRINUSE';
    if (!isHeld || Date.now() > until) throw failure;
    await new Promise((resolve) => setTimeout(resolve, portRetryMs));
  }
}

function listen(server: http.Server, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

async function answer(
  request: http.IncomingMessage,
  routes: Routes,
  onFailure: FailureAnswer,
): Promise<JsonAnswer> {
  const url = new URL(request.url ?? '/', 'http://shop');
  const name = `${request.method} ${url.pathname}`;
  const route = routes[name];
  if (!route) return { status: 404, body: { error: `no route ${name}` } };
  try {
    const text = await readBody(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return await route({ query: url.searchParams, body });
  } catch (error) {
    return onFailure(name, error);
  }
}

async function readBody(stream: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new Error(`the body is longer than ${bodyBytesMax} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** How a JSON call is made. */
export type CallOptions = {
  readonly method: 'GET' | 'POST';
  readonly body?: unknown;
  readonly timeoutMs: number;
};

/** A service that is being replaced is back within milliseconds; one short wait covers that. */
const retryAfterMs = 60;

/**
 * Calls a JSON service and resolves with its answer, whatever the status. Rejects only when there
 * was no answer: refused, reset, or silent for `timeoutMs`. Refused, or reset on a kept connection,
 * is tried once more: every call of the shop carries the order's id, so twice is once.
 */
export async function callJson(url: string, options: CallOptions): Promise<JsonAnswer> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const first = await attempt(url, options, signal);
  if (first.kind === 'answer') return first.answer;
  if (!first.isWorthRetry) throw noAnswer(url, options, first.cause);
  await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  const second = await attempt(url, options, signal);
  if (second.kind === 'answer') return second.answer;
  throw noAnswer(url, options, second.cause);
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

function noAnswer(url: string, options: CallOptions, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Error(`${options.method} ${url} got no answer: ${code}`, { cause });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
