import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Connections } from '../../base/connections.ts';
import { err, type Result } from '../../base/result.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/access/principal.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { Sessions } from '../access/sessions.ts';
import type { TokenRegister } from '../access/token-register.ts';
import type { ApiBackend, Caller } from '../backend.ts';
import { API_ROOT, ROUTES, type Route } from '../contract.ts';
import { auditFactOf } from './audit-fact.ts';
import { componentScopeOf } from './component-scope.ts';
import { sendExport } from './export-stream.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { problemSchema } from './openapi.ts';
import { servedCalls } from './served-calls.ts';

/** What the calls stand on. */
export interface CallRoutesOptions {
  readonly backend: ApiBackend;
  readonly tokens: TokenRegister;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly gatekeeper: Gatekeeper;
  readonly connections: Connections;
  readonly log: Log;
}

/** Answers one call; its input has been parsed by the route's own schema. */
type Answer = (caller: Caller, input: unknown) => Promise<Result<unknown>>;

const principals = new WeakMap<FastifyRequest, Principal>();

/** Who makes a request that has been let in. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('broken invariant: nobody let this request in');
  return principal;
}

/** Registers every call of `ROUTES`. */
export function addCallRoutes(app: FastifyInstance, options: CallRoutesOptions): void {
  // One table, one loop: here the types of a single call are known only as those of all calls.
  const { tokens, audit, sessions } = options;
  const own = servedCalls(tokens, audit, sessions) as Readonly<Record<string, Answer>>;
  const backend = options.backend as unknown as Readonly<Record<string, Answer>>;
  for (const [name, route] of Object.entries(ROUTES)) {
    addRoute(app, options, name, route, async (caller, input) => {
      const calls = name in own ? own : backend;
      // Called as a method, so that a backend may be a class.
      return (await calls[name]?.(caller, input)) ?? err(noAnswer(name));
    });
  }
}

/** A path of the contract as the router writes it. */
export function urlOf(path: string): string {
  return API_ROOT + path.replace(/\{(\w+)\}/g, ':$1');
}

function noAnswer(name: string): LastgoodError {
  return lgError('LG_RUNTIME_BUG', `the backend has no ${name}`);
}

function addRoute(
  app: FastifyInstance,
  options: CallRoutesOptions,
  name: string,
  route: Route,
  answer: Answer,
): void {
  const inPath = new Set([...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  const scope = componentScopeOf(route.input.shape, route.permissions[0]);
  app.route({
    method: route.method,
    url: urlOf(route.path),
    schema: { ...schemasOf(route, inPath), operationId: name, summary: route.summary },
    // Before the body is read: strangers cost us nothing.
    onRequest: letIn(options, route, name),
    handler: async (request, reply) => {
      const caller = callerOf(options, request, route);
      const given = {
        ...Object(request.params),
        ...Object(request.query),
        ...Object(request.body),
      };
      const scoped = scope(caller.principal, given);
      const result = scoped.ok ? await answer(caller, scoped.value) : scoped;
      const failure = await recordOutcome(options, route, name, caller, given, result);
      if (failure !== undefined) throw failure;
      if (!result.ok) throw result.error;
      if (name === 'checkpointExport') return sendExport(reply, result.value, options.log);
      return result.value;
    },
  });
}

function schemasOf(route: Route, inPath: ReadonlySet<string | undefined>): object {
  const members = Object.entries(route.input.shape);
  const path = members.filter(([member]) => inPath.has(member));
  const inBody = Object.fromEntries(members.filter(([member]) => !inPath.has(member)));
  // A route is as strict as its own schema: webhooks bring members we never heard of.
  const rest = z.object(inBody).catchall(route.input.def.catchall ?? z.never());
  const isQuery = route.method === 'GET' || route.method === 'DELETE';
  // A call without members may be posted without a body.
  const body = rest.safeParse({}).success ? rest.nullish() : rest;
  return {
    ...(path.length === 0 ? {} : { params: z.strictObject(Object.fromEntries(path)) }),
    ...(isQuery ? { querystring: rest } : { body, querystring: z.strictObject({}) }),
    response: { 200: route.answer, default: problemSchema },
  };
}

function letIn(options: CallRoutesOptions, route: Route, name: string) {
  return async (request: FastifyRequest): Promise<void> => {
    if (route.permissions.length === 0) return;
    const action = route.action ?? name;
    const admitted = await options.gatekeeper.admit(request, route.permissions, action);
    if (!admitted.ok) throw admitted.error;
    principals.set(request, admitted.value);
  };
}

function callerOf(
  { connections }: CallRoutesOptions,
  request: FastifyRequest,
  route: Route,
): Caller {
  return {
    principal:
      route.permissions.length === 0 ? { id: 'anybody', role: 'viewer' } : principalOf(request),
    remote: request.ip,
    connectedAtMs: connections.openedAtMs(request.raw.socket),
  };
}

/** Writes and refusals go into the audit log before the caller hears of them. */
async function recordOutcome(
  { audit, log }: CallRoutesOptions,
  route: Route,
  name: string,
  caller: Caller,
  input: Readonly<Record<string, unknown>>,
  result: Result<unknown>,
): Promise<LastgoodError | undefined> {
  const fact = auditFactOf(route.action, name, caller, input, result);
  if (fact === undefined) return undefined;
  const recorded = await audit.record(fact);
  if (recorded.ok) return undefined;
  log.error('AuditWriteError', { action: fact.action, error: recorded.error.message });
  return recorded.error;
}

/** Lets a request in that is no call of the table, such as the stream. */
export function requireRead(gatekeeper: Gatekeeper, action: string) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const admitted = await gatekeeper.admit(request, ['read'], action);
    if (!admitted.ok) throw admitted.error;
    principals.set(request, admitted.value);
  };
}
