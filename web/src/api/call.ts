import type { RouteAnswer, RouteCall } from '../../../src/api/contract.ts';
import { useServerClock, type ServerClock } from '../time/server-clock.ts';
import { requestOf } from './address.ts';
import { unreachable } from './api-error.ts';
import { CALLS, type CallName } from './calls.ts';
import { decodeAnswer, decodeProblem } from './decode.ts';

/** A diff of many files over a slow link still fits; beyond it the daemon hangs. */
const TIMEOUT_MS = 30_000;

/**
 * Makes one call of the API with the session's cookie. Throws `ApiError`: the daemon's problem
 * document, or LG_API_DAEMON_UNREACHABLE.
 */
export type Call = <Name extends CallName>(
  name: Name,
  input: RouteCall<Name>,
  signal?: AbortSignal,
) => Promise<RouteAnswer<Name>>;

/** Calls of the daemon whose clock these pages show: every answer tells its time. */
export function useCall(): Call {
  const clock = useServerClock();
  return (name, input, signal) => callApi(clock, name, input, signal);
}

async function callApi<Name extends CallName>(
  clock: ServerClock,
  name: Name,
  input: RouteCall<Name>,
  signal?: AbortSignal,
): Promise<RouteAnswer<Name>> {
  const { method, path, body } = requestOf(CALLS[name], input);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(new URL(path, document.baseURI), {
    method,
    cache: 'no-store',
    credentials: 'same-origin',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw unreachable();
  });
  clock.note(response.headers.get('date'));
  const text = await response.text();
  if (!response.ok) throw decodeProblem(text, response.status);
  return decodeAnswer(name, text);
}
