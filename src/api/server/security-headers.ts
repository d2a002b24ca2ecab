import type { FastifyInstance } from 'fastify';

/**
 * What our own pages may do: nothing but load and call from here. Styles set by scripts through the
 * object model need no `unsafe-inline`.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** Puts the security headers on every answer; data is never kept by browsers or proxies. */
export function addSecurityHeaders(app: FastifyInstance, hasTls: boolean): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    for (const [name, value] of Object.entries(HEADERS)) void reply.header(name, value);
    if (hasTls) void reply.header('strict-transport-security', 'max-age=31536000');
    if (!reply.hasHeader('cache-control') || request.url.startsWith('/api/')) {
      void reply.header('cache-control', 'no-store');
    }
    done(null, payload);
  });
}
