import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'lastgood_session';

/** The session a browser's cookie names (RFC 6265). */
export function sessionIdOf(request: FastifyRequest): string | undefined {
  const header = request.headers.cookie;
  if (header === undefined || header.length > 8192) return undefined;
  for (const part of header.split(';')) {
    const match = /^\s*lastgood_session=([0-9a-f]{32})\s*$/.exec(part);
    if (match !== null) return match[1];
  }
  return undefined;
}

/** Gives the browser its session: unreadable for scripts, never sent for other sites' pages. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  maxAgeSeconds: number,
): void {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  const cookie = `${NAME}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
  void reply.header('set-cookie', cookie + secure);
}
