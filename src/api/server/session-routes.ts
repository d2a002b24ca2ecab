import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sessions } from '../access/sessions.ts';
import { API_ROOT } from '../contract.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { sessionIdOf, setSessionCookie } from './session-cookie.ts';

/**
 * The page after a sign-in link. It is a page and no redirect: a browser that came from elsewhere
 * would not send a strict cookie along with a redirect.
 */
const SIGNED_IN =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>lastgood</title>' +
  '<meta http-equiv="refresh" content="0;url=/"><p>Signed in. <a href="/">Go on</a>.</html>';

/** Signing in by one-time link or by token, and out again. */
export function addSessionRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  gatekeeper: Gatekeeper,
): void {
  app.route({
    method: 'GET',
    url: '/sign-in',
    exposeHeadRoute: false,
    schema: { hide: true, querystring: z.strictObject({ code: z.string().max(100) }) },
    handler: async (request, reply) => {
      const { code } = z.object({ code: z.string() }).parse(request.query);
      const session = await gatekeeper.admitCode(request, code);
      if (!session.ok) throw session.error;
      setSessionCookie(request, reply, session.value, sessions.maxAgeSeconds);
      return reply.type('text/html; charset=utf-8').send(SIGNED_IN);
    },
  });
  app.route({
    method: 'POST',
    url: `${API_ROOT}/session`,
    schema: {
      operationId: 'sessionStart',
      summary: 'Signs a browser in with an access token.',
      body: z.strictObject({ token: z.string().min(1).max(200) }),
    },
    handler: async (request, reply) => {
      const { token } = z.object({ token: z.string() }).parse(request.body);
      const principal = await gatekeeper.admitToken(request, token);
      if (!principal.ok) throw principal.error;
      setSessionCookie(request, reply, sessions.start(principal.value), sessions.maxAgeSeconds);
      return principal.value;
    },
  });
  app.route({
    method: 'DELETE',
    url: `${API_ROOT}/session`,
    schema: { operationId: 'sessionEnd', summary: 'Signs the browser out.' },
    handler: async (request, reply) => {
      const session = sessionIdOf(request);
      if (session !== undefined) sessions.end(session);
      setSessionCookie(request, reply, '0'.repeat(32), 0);
      return {};
    },
  });
}
