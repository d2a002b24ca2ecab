import type { FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Permission, Principal } from '../../model/access/principal.ts';
import { AttemptLimit } from '../access/attempt-limit.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { bearerToken } from '../access/bearer.ts';
import { checkHost, checkOrigin } from '../access/browser-guard.ts';
import { requirePermission } from '../access/permission.ts';
import type { Sessions } from '../access/sessions.ts';
import type { TokenRegister } from '../access/token-register.ts';
import type { Clock } from '../../ports/clock.ts';
import { sessionIdOf } from './session-cookie.ts';

/** What the gatekeeper stands on. */
export interface GatekeeperOptions {
  readonly clock: Clock;
  readonly tokens: TokenRegister;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  /** Further names the daemon is called by, `access.hosts`. */
  readonly hosts: readonly string[];
}

/** Who is refused how often is limited by this name when there is no principal yet. */
const NOBODY = 'nobody';

/** Decides who gets in, before a body is read, and writes refusals into the audit log. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #attempts: AttemptLimit;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#attempts = new AttemptLimit(options.clock);
  }

  /** Host and Origin checks, for every request whatever it asks for. */
  async checkBrowser(request: FastifyRequest): Promise<Result<void>> {
    const { headers, method, socket } = request;
    const host = checkHost(headers.host, socket.localAddress, this.#options.hosts);
    if (!host.ok) return this.#refuse(request, NOBODY, 'listener', host);
    const origin = checkOrigin({
      method,
      host: headers.host ?? '',
      origin: headers.origin,
      site: text(headers['sec-fetch-site']),
      mode: text(headers['sec-fetch-mode']),
      hasCookie: headers.authorization === undefined && sessionIdOf(request) !== undefined,
    });
    return origin.ok ? origin : this.#refuse(request, NOBODY, 'listener', origin);
  }

  /** Who calls, if it may do one of `permissions`. */
  async admit(
    request: FastifyRequest,
    permissions: readonly Permission[],
    action: string,
  ): Promise<Result<Principal>> {
    const found = this.#identify(request);
    if (!found.ok) return this.#refuse(request, NOBODY, action, found);
    const allowed = requirePermission(found.value, permissions);
    return allowed.ok ? found : this.#refuse(request, found.value.id, action, allowed);
  }

  /** Who bears the token that a sign-in form sent. */
  async admitToken(request: FastifyRequest, token: string): Promise<Result<Principal>> {
    const principal = this.#options.tokens.find(token);
    if (principal !== undefined) return ok(principal);
    const unknown = err(lgError('LG_ACCESS_TOKEN_UNKNOWN', 'the token is not known'));
    return this.#refuse(request, NOBODY, 'session.start', unknown);
  }

  /** The id of a new session for a one-time code. */
  async admitCode(request: FastifyRequest, code: string): Promise<Result<string>> {
    const session = this.#options.sessions.redeem(code);
    return session.ok ? session : this.#refuse(request, NOBODY, 'session.start', session);
  }

  /** Counts and records a refusal; a remote that makes too many hears so and fills no log. */
  async #refuse(
    request: FastifyRequest,
    principal: string,
    action: string,
    refusal: Result<unknown>,
  ): Promise<Result<never>> {
    if (refusal.ok) throw new Error('broken invariant: a refusal is an error');
    const waitMs = this.#attempts.fail(principal === NOBODY ? request.ip : principal);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const seen = `${request.ip} was refused too often; try again in ${seconds} s`;
      return err(lgError('LG_ACCESS_TOO_MANY_ATTEMPTS', seen));
    }
    const recorded = await this.#options.audit.record({
      principal,
      action,
      object: request.ip,
      outcome: 'refused',
      detail: `${refusal.error.code}: ${refusal.error.detail}`,
    });
    return recorded.ok ? err(refusal.error) : recorded;
  }

  #identify(request: FastifyRequest): Result<Principal> {
    const { tokens, sessions } = this.#options;
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const principal = tokens.find(bearerToken(authorization) ?? '');
      if (principal !== undefined) return ok(principal);
      return err(lgError('LG_ACCESS_TOKEN_UNKNOWN', 'the Authorization header has no valid token'));
    }
    const session = sessionIdOf(request);
    const principal = session === undefined ? undefined : sessions.find(session);
    if (principal !== undefined && tokens.isCurrent(principal)) return ok(principal);
    const seen = session === undefined ? 'no Authorization header' : 'the session has ended';
    return err(lgError('LG_ACCESS_TOKEN_MISSING', seen));
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
