import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/base/log.ts';
import { err, ok, unwrap, type Result } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { Role } from '../../src/model/access/principal.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { memoryKeyring } from '../../src/testing/memory-keyring.ts';
import { openSqliteControlStore } from '../../src/adapters/control/sqlite/sqlite-control-store.ts';
import { realDisk } from '../../src/base/disk.ts';
import type { ControlStore } from '../../src/ports/control-store.ts';
import { AuditLog } from '../../src/api/access/audit-log.ts';
import { Sessions } from '../../src/api/access/sessions.ts';
import { TokenRegister, type TokenWish } from '../../src/api/access/token-register.ts';
import type { ApiBackend, Caller } from '../../src/api/backend.ts';
import type { StreamEvent } from '../../src/api/contract.ts';
import {
  startApiServer,
  type ApiServer,
  type ApiServerOptions,
} from '../../src/api/server/start-server.ts';

/** What a test's backend answers; calls that are not given answer LG_API_NOT_FOUND. */
export type Answers = Partial<Omit<ApiBackend, 'listen' | 'checkpointExport'>> &
  Partial<Pick<ApiBackend, 'checkpointExport'>>;

/** A whole API on a free port, with real tokens, sessions and audit log. */
export interface Served extends AsyncDisposable {
  readonly server: ApiServer;
  readonly tokens: TokenRegister;
  readonly audit: AuditLog;
  readonly clock: ManualClock;
  /** Calls that reached the backend, in order. */
  readonly reached: readonly {
    readonly call: string;
    readonly caller: Caller;
    readonly input: unknown;
  }[];
  emit(event: StreamEvent): void;
  /** A new token of a role. */
  token(role: Role, wish?: Omit<TokenWish, 'role'>): Promise<string>;
  /** One request over a connection of its own, exactly as given. */
  send(outgoing: Sent): Promise<Received>;
}

/** A request as a test writes it. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What came back. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; throws when it is none. */
  json(): Record<string, unknown>;
}

/** A real control store in a folder. */
export async function openControl(folder: string): Promise<ControlStore> {
  const keyring = memoryKeyring(new Uint8Array(32).fill(3));
  const path = join(folder, 'control.db');
  return unwrap(await openSqliteControlStore({ path, keyring, disk: realDisk }));
}

/** Starts an API whose backend gives `answers`. */
export async function serve(
  answers: Answers = {},
  changed: Partial<ApiServerOptions> = {},
): Promise<Served> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lg-api-'));
  const clock = new ManualClock();
  const control = await openControl(folder);
  const random = (length: number): Uint8Array => randomBytes(length);
  const tokens = unwrap(await TokenRegister.open({ control, clock, random }));
  const sessions = unwrap(await Sessions.open({ control, clock, random, log: silentLog }));
  const headFile = join(folder, 'audit.head');
  const audit = unwrap(await AuditLog.open({ control, clock, headFile, disk: realDisk }));
  const reached: { call: string; caller: Caller; input: unknown }[] = [];
  const listeners = new Set<(event: StreamEvent) => void>();
  const backend = backendOf(answers, reached, listeners);
  const server = unwrap(
    await startApiServer({
      listen: { address: '127.0.0.1', port: 0 },
      hosts: [],
      backend,
      tokens,
      sessions,
      audit,
      clock,
      log: silentLog,
      version: '0.0.0-test',
      ...changed,
    }),
  );
  return {
    server,
    tokens,
    audit,
    clock,
    reached,
    emit: (event) => {
      for (const hear of listeners) hear(event);
    },
    token: async (role, wish = {}) => unwrap(await tokens.create({ role, ...wish }, 'test')).token,
    send: (outgoing) => exchange(server.port, outgoing),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await control.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

function backendOf(
  answers: Answers,
  reached: { call: string; caller: Caller; input: unknown }[],
  listeners: Set<(event: StreamEvent) => void>,
): ApiBackend {
  const fixed = {
    metrics: () => Promise.resolve('lastgood_up 1\n'),
    listen: (hear: (event: StreamEvent) => void) => {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
  const given: Readonly<Record<string, unknown>> = { ...fixed, ...answers };
  const named = (call: string) => {
    return (caller: Caller, input: unknown): Promise<Result<unknown>> => {
      reached.push({ call, caller, input });
      const answer = given[call];
      if (typeof answer === 'function') return answer(caller, input);
      return Promise.resolve(err(lgError('LG_API_NOT_FOUND', `no answer for ${call}`)));
    };
  };
  const get = (_target: object, call: string): unknown =>
    call in fixed ? given[call] : named(call);
  return new Proxy({}, { get }) as ApiBackend;
}

function exchange(port: number, { method, path, token, headers, body }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method: method ?? 'GET',
      agent: false,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const json = (): Record<string, unknown> => JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    sent.end(body);
  });
}

/** A success, for answers of test backends. */
export function answered<Value>(value: Value): () => Promise<Result<Value>> {
  return () => Promise.resolve(ok(value));
}
