import { unreachable } from './api-error.ts';
import { decodeProblem } from './decode.ts';

/**
 * Signing in by token and out again. These two are about the cookie and stand beside the contract's
 * table of calls. Both throw `ApiError`.
 */
export async function startSession(token: string): Promise<void> {
  await send('POST', JSON.stringify({ token }));
}

/** Signs this browser out. */
export async function endSession(): Promise<void> {
  await send('DELETE', undefined);
}

async function send(method: string, body: string | undefined): Promise<void> {
  const response = await fetch(new URL('api/v1/session', document.baseURI), {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw decodeProblem(await response.text(), response.status);
}
