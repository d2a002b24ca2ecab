import type { IncomingMessage } from 'node:http';
import { messageOf } from '../base/error.ts';
import { fromMessage, lgError } from '../model/errors/lg-error.ts';
import type { TimelineRecord } from '../model/record/timeline-record.ts';
import { eventData, linesOf } from './client/event-lines.ts';
import { exchange, readBody, textParts } from './client/exchange.ts';
import { provedConnection } from './client/proved-connection.ts';
import { OWNER_PATH } from './access/owner-proof.ts';
import {
  API_ROOT,
  ROUTES,
  type ExportEntry,
  type RouteAnswer,
  type RouteCall,
  type RouteName,
  type StreamEvent,
} from './contract.ts';

/** The name of a call. */
export type CallName = RouteName;
/** What a call is given. */
export type CallInput<Name extends CallName> = RouteCall<Name>;
/** What a call answers. */
export type CallAnswer<Name extends CallName> = RouteAnswer<Name>;

/** How the daemon is reached. */
export interface ClientOptions {
  /** `http://127.0.0.1:7433` or `https://…`. */
  readonly url: string;
  readonly token?: string;
  /**
   * The data directory that `token` lies in. The token is then sent only over a connection on which
   * the daemon has proved that this directory is its own.
   */
  readonly tokenFolder?: string | undefined;
  /** PEM of the authorities to trust instead of the system's. */
  readonly authorities?: string;
  /** How long to wait for an answer; 30 s when absent, plenty for any query. */
  readonly timeoutMs?: number;
}

/** What one call may change. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's: a trial capture or a backup may take minutes. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/** The largest answer: 10,000 records of several KiB each. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** A stream says something at least every 15 s (a comment), so this long a silence is a break. */
const STREAM_IDLE_MS = 45_000;

/**
 * The typed client of the API. Every call opens a connection of its own. Failures are thrown as
 * `LastgoodError`: the daemon's own code, LG_API_DAEMON_UNREACHABLE, or LG_API_ANSWER_INVALID when
 * something else answers.
 */
export class ApiClient {
  readonly #base: URL;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol)) {
      throw lgError('LG_RUNTIME_USAGE', `"${options.url}" is no http or https address`);
    }
    this.#base = new URL(options.url);
    this.#options = options;
  }

  /** Makes one call and answers its document. */
  async call<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    options: CallOptions = {},
  ): Promise<CallAnswer<Name>> {
    const { url, response } = await this.#send(name, input, options);
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS;
    const text = await readBody(response, url, ANSWER_BYTES_MAX, {
      idleMs: timeoutMs,
      signal: options.signal,
    });
    if (response.statusCode !== 200) throw problemOf(url, response.statusCode ?? 0, text);
    return checkedAnswer(name, url, text);
  }

  /** Every record that a timeline call finds, page after page, at most `input.limit` a page. */
  async *timeline(
    input: CallInput<'timeline'>,
    options: CallOptions = {},
  ): AsyncGenerator<TimelineRecord> {
    let cursor = input.cursor;
    do {
      const page = await this.call(
        'timeline',
        cursor === undefined ? input : { ...input, cursor },
        options,
      );
      yield* page.records;
      cursor = page.records.length === 0 ? undefined : page.nextCursor;
    } while (cursor !== undefined);
  }

  /** What a checkpoint's export writes, entry by entry. */
  async *exported(id: string, options: CallOptions = {}): AsyncGenerator<ExportEntry> {
    const { url, response } = await this.#send('checkpointExport', { id }, options);
    await refuseProblem(url, response);
    const patience = { idleMs: STREAM_IDLE_MS, signal: options.signal };
    for await (const line of linesOf(textParts(response, url, patience))) {
      if (line !== '') yield checkedAnswer('checkpointExport', url, line);
    }
  }

  /** What changes in the daemon, until the signal aborts or the connection breaks. */
  async *events(options: CallOptions = {}): AsyncGenerator<StreamEvent> {
    const url = this.#url('/stream');
    const response = await this.#exchange(url, 'GET', undefined, options);
    await refuseProblem(url, response);
    const patience = { idleMs: STREAM_IDLE_MS, signal: options.signal };
    for await (const data of eventData(linesOf(textParts(response, url, patience)))) {
      // Events carry no authority: whoever acts on one asks for the object, which is checked.
      yield JSON.parse(data) as StreamEvent;
    }
  }

  async #send<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    options: CallOptions,
  ): Promise<{ readonly url: URL; readonly response: IncomingMessage }> {
    const { method, path } = ROUTES[name];
    const members = new Map<string, unknown>(Object.entries(input));
    const filled = path.replace(/\{(\w+)\}/g, (_whole, member: string) => {
      const value = members.get(member);
      members.delete(member);
      return encodeURIComponent(String(value));
    });
    const url = this.#url(filled);
    if (method === 'GET' || method === 'DELETE') {
      for (const [key, value] of members) {
        for (const one of Array.isArray(value) ? value : [value]) {
          if (one !== undefined) url.searchParams.append(key, String(one));
        }
      }
      return { url, response: await this.#exchange(url, method, undefined, options) };
    }
    const body = JSON.stringify(Object.fromEntries(members));
    return { url, response: await this.#exchange(url, method, body, options) };
  }

  #url(path: string): URL {
    return new URL(`${this.#base.pathname.replace(/\/$/, '')}${API_ROOT}${path}`, this.#base);
  }

  async #exchange(
    url: URL,
    method: string,
    body: string | undefined,
    options: CallOptions,
  ): Promise<IncomingMessage> {
    const { token, tokenFolder, authorities } = this.#options;
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS;
    const patience = { timeoutMs, signal: options.signal, authorities };
    const agent =
      token === undefined || tokenFolder === undefined
        ? undefined
        : await provedConnection(this.#url(OWNER_PATH), { token, folder: tokenFolder }, patience);
    return exchange({
      ...patience,
      url,
      method,
      headers: {
        accept: 'application/json',
        connection: 'close',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
      agent,
    });
  }
}

/** A stream that begins with a problem document is no stream. */
async function refuseProblem(url: URL, response: IncomingMessage): Promise<void> {
  if (response.statusCode === 200) return;
  const text = await readBody(response, url, ANSWER_BYTES_MAX, { idleMs: TIMEOUT_MS });
  throw problemOf(url, response.statusCode ?? 0, text);
}

function parsedJson(url: URL, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `${url.href} answered no JSON: ${messageOf(cause)}`;
    throw lgError('LG_API_ANSWER_INVALID', detail, cause);
  }
}

/** The error of a problem document (RFC 9457). */
function problemOf(url: URL, status: number, text: string): Error {
  const problem = parsedJson(url, text);
  if (typeof problem === 'object' && problem !== null && 'code' in problem) {
    const detail = 'detail' in problem ? String(problem.detail) : `status ${status}`;
    return fromMessage({ code: String(problem.code), detail });
  }
  return lgError('LG_API_ANSWER_INVALID', `${url.href} answered status ${status}`);
}

/** Checks an answer but hands it on as it came, with members that a newer daemon added. */
function checkedAnswer<Name extends CallName>(
  name: Name,
  url: URL,
  text: string,
): CallAnswer<Name> {
  const answer = parsedJson(url, text);
  const checked = ROUTES[name].answer.safeParse(answer);
  if (checked.success) return answer as CallAnswer<Name>;
  const issue = checked.error.issues[0];
  const where = `${url.href} answered "${issue?.path.join('.') ?? ''}"`;
  throw lgError('LG_API_ANSWER_INVALID', `${where} not as agreed: ${issue?.message ?? ''}`);
}
