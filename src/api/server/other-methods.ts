import type { FastifyInstance } from 'fastify';
import { lgError } from '../../model/errors/lg-error.ts';
import { ROUTES } from '../contract.ts';
import { urlOf } from './call-routes.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * A known path with another method is a mistake of its own (RFC 9110, 15.5.6), and no unknown path.
 * Call it when every route is there.
 */
export function refuseOtherMethods(app: FastifyInstance): void {
  for (const path of new Set(Object.values(ROUTES).map((route) => route.path))) {
    const url = urlOf(path);
    const allowed = METHODS.filter((method) => app.hasRoute({ url, method }));
    app.route({
      method: METHODS.filter((method) => !allowed.includes(method)),
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        void reply.header('allow', allowed.join(', '));
        const seen = `${request.method} ${path}; it takes ${allowed.join(' and ')}`;
        throw lgError('LG_API_METHOD_NOT_ALLOWED', seen);
      },
      handler: () => undefined,
    });
  }
}
