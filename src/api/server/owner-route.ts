import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NONCE_BYTES, ownerProof, OWNER_PATH } from '../access/owner-proof.ts';
import { API_ROOT } from '../contract.ts';

const asked = z.strictObject({ nonce: z.string().length(NONCE_BYTES * 2) });

/**
 * Proves to the command line of this machine that this daemon knows the admin token of a data
 * directory, before the token is sent to it. Whoever asks learns nothing that helps to guess it.
 */
export function addOwnerRoute(app: FastifyInstance, token: string): void {
  app.route({
    method: 'GET',
    url: `${API_ROOT}${OWNER_PATH}`,
    exposeHeadRoute: false,
    schema: { hide: true, querystring: asked },
    handler: (request) => {
      const { localAddress = '', localPort = 0 } = request.raw.socket;
      const { nonce } = asked.parse(request.query);
      return Promise.resolve({
        proof: ownerProof(token, nonce, { address: localAddress, port: localPort }),
      });
    },
  });
}
