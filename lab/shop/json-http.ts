import http from 'node:http';

/** What a route is given: the path's query and the decoded body (undefined without one). */
export type JsonRequest = { readonly query: URLSearchParams; readonly body: unknown };

/** What a route answers. */
export type JsonAnswer = { readonly status: number; readonly body: unknown };

/** The routes of a service, by `"METHOD /path"`. */
export type Routes = Readonly<Record<string, (request: JsonRequest) => Promise<JsonAnswer>>>;

/** An order is some hundred bytes; a body beyond this is no customer of ours. */
const bodyBytesMax = 64 * 1024;

/**
 * A server of `routes` in JSON. A route that throws is answered by `onFailure`, so no request is
 * left without an answer.
 */
export function jsonServer(
  routes: Routes,
  onFailure: (route: string, error: unknown) => JsonAnswer,
): http.Server {
  return http.createServer((request, response) => {
    void answer(request, routes, onFailure).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
}

async function answer(
  request: http.IncomingMessage,
  routes: Routes,
  onFailure: (route: string, error: unknown) => JsonAnswer,
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
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly timeoutMs: number;
};

/**
 * Calls a URL with JSON and resolves with whatever it answers; rejects when there is no answer in
 * time. Made with `node:http`, which is what the instrumentation sees.
 */
export function callJson(url: string, options: CallOptions): Promise<JsonAnswer> {
  const text = options.body === undefined ? '' : JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const request = http.request(
      url,
      {
        method: options.method,
        agent,
        signal,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        readBody(response)
          .then((body) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }))
          .catch(reject);
      },
    );
    request.on('error', (cause) => {
      const why = signal.aborted ? `no answer in ${options.timeoutMs} ms` : cause.message;
      reject(new Error(`${options.method} ${url}: ${why}`, { cause }));
    });
    request.end(text);
  });
}
