import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { API_ROOT } from '../contract.ts';

/** A problem document (RFC 9457) as a schema. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
});

/** Makes the OpenAPI 3.1 document of the routes that are added after it. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'lastgood',
        version,
        description: 'Aligned evidence beside restorable state. Errors are problem documents.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { target: 'draft-2020-12' } }),
  });
}

/** Serves the document; it describes and holds no data, so anybody may read it. */
export function addOpenApiRoute(app: FastifyInstance): void {
  app.get(`${API_ROOT}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
}
