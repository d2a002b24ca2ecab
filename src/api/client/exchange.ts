import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf } from '../../base/error.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** One request as it goes over the wire. */
export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Until the answer's head has come. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** PEM of the authorities to trust instead of the system's. */
  readonly authorities?: string | undefined;
  /** What holds a connection that is to be used; a fresh one is opened when absent. */
  readonly agent?: Agent | undefined;
}

/**
 * Sends a request over a connection of its own and answers the response's head; its body is still
 * to be read. A fresh connection each time is what makes `confirm` prove that the daemon can be
 * reached now. Throws LG_API_DAEMON_UNREACHABLE; when `signal` aborts, the signal's reason.
 */
export function exchange(outgoing: Outgoing): Promise<IncomingMessage> {
  const { url, method, headers, body, timeoutMs, signal, authorities, agent } = outgoing;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(url, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      agent: agent ?? false,
      ...(signal === undefined ? {} : { signal }),
      ...(authorities === undefined ? {} : { ca: authorities }),
    });
    const timer = setTimeout(() => {
      sent.destroy(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    sent.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Another protocol, or none: without these a stranger on the port could hold us for ever.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      sent.destroy(new Error('it answered with another protocol'));
    });
    sent.once('close', () => {
      clearTimeout(timer);
      reject(unreachable(url, method, new Error('it closed the connection without an answer')));
    });
    sent.on('error', (cause) => {
      clearTimeout(timer);
      reject(signal?.aborted === true ? abortReason(signal) : unreachable(url, method, cause));
    });
    sent.end(body);
  });
}

/** How long an answer is waited for. */
export interface Patience {
  /** The longest silence. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a whole body as text. Throws LG_API_ANSWER_INVALID beyond `bytesMax` and
 * LG_API_DAEMON_UNREACHABLE when the connection breaks or stays silent for too long; when the
 * signal aborts, its reason.
 */
export async function readBody(
  response: IncomingMessage,
  url: URL,
  bytesMax: number,
  patience: Patience,
): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of textParts(response, url, patience)) {
    length += part.length;
    if (length > bytesMax) {
      response.destroy();
      throw lgError('LG_API_ANSWER_INVALID', `${url.href} answered more than ${bytesMax} bytes`);
    }
    parts.push(part);
  }
  return parts.join('');
}

/** A body piece by piece as text; fails as `readBody` does. */
export async function* textParts(
  response: IncomingMessage,
  url: URL,
  { idleMs, signal }: Patience,
): AsyncGenerator<string> {
  response.setEncoding('utf8');
  response.setTimeout(idleMs, () => response.destroy(new Error(`silent for ${idleMs} ms`)));
  try {
    for await (const part of response) yield String(part);
  } catch (cause) {
    if (signal?.aborted === true) throw abortReason(signal);
    throw unreachable(url, 'GET', cause);
  } finally {
    response.destroy();
  }
}

function unreachable(url: URL, method: string, cause: unknown): Error {
  const detail = `${method} ${url.href} failed: ${messageOf(cause)}`;
  return lgError('LG_API_DAEMON_UNREACHABLE', detail, cause);
}

function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('the call was canceled', { cause: reason });
}
