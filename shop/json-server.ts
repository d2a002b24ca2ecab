import http from 'node:http';
import { readBody } from './read-body.ts';

/** What a route is given: the path's query and the decoded body (undefined without one). */
export type JsonRequest = { readonly query: URLSearchParams; readonly body: unknown };

/** What a route answers. */
export type JsonAnswer = { readonly status: number; readonly body: unknown };

/** The routes of a service, by `"METHOD /path"`. */
export type Routes = Readonly<Record<string, (request: JsonRequest) => Promise<JsonAnswer>>>;

/** Called when a route throws; decides what the caller is told. */
type FailureAnswer = (route: string, error: unknown) => JsonAnswer;

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
