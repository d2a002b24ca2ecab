import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { lgError } from '../../model/errors/lg-error.ts';

/** Files whose names hold a hash of their content never change. */
const HASHED = /[/\\]assets[/\\]/;

/**
 * Serves the built UI; paths that are no file are its own pages. Without a built UI every page says
 * so, and the API works all the same.
 */
export async function addStaticUi(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const isBuilt = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const kept = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
        void reply.header('cache-control', kept);
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !path.startsWith('/api/') &&
      !/\.\w+$/.test(path);
    if (isPage && isBuilt) return reply.sendFile('index.html');
    const why = isPage ? 'the web UI is not built; the API is at /api/v1' : '';
    const seen = `${request.method} ${path.slice(0, 200)}${why === '' ? '' : `: ${why}`}`;
    throw lgError('LG_API_NOT_FOUND', seen);
  });
}
