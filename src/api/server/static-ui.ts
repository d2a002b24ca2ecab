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
    if (isPage && isBuilt) {
      const page = pageBehindHash(request.url);
      return page === undefined ? reply.sendFile('index.html') : reply.redirect(page);
    }
    const why = isPage ? 'the web UI is not built; the API is at /api/v1' : '';
    const seen = `${request.method} ${path.slice(0, 200)}${why === '' ? '' : `: ${why}`}`;
    throw lgError('LG_API_NOT_FOUND', seen);
  });
}

/** What the UI calls its pages; `rollbacks` is what people call them. */
const PAGES: ReadonlySet<string> = new Set([
  'timeline',
  'incidents',
  'checkpoints',
  'plans',
  'runs',
  'rollbacks',
  'sources',
]);

/**
 * Where a page is that was asked for without the `#` that the UI has before its pages: relative, so
 * that it holds below any path of a proxy. Undefined for what is no page.
 */
function pageBehindHash(url: string): string | undefined {
  const path = url.split('?')[0] ?? '';
  const [, noun = '', ...rest] = path.split('/');
  return PAGES.has(noun)
    ? `${rest.length === 0 ? './' : '../'.repeat(rest.length)}#${url}`
    : undefined;
}
