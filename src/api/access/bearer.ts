/** Ours have 46 characters; anything much longer is no token. */
const TOKEN_CHARS_MAX = 200;

/** The token of an Authorization header (RFC 6750); undefined when it carries none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined || token.length > TOKEN_CHARS_MAX ? undefined : token;
}
