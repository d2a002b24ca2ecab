/** Where services tell that they are well, the commonest first. */
const PATHS = ['/healthz', '/health', '/-/healthy', '/'] as const;

/** A service on this host answers in milliseconds, or is no HTTP server. */
const ANSWER_MS = 700;

/** Statuses that say it is well; a redirect of the front page is as good. */
function isWell(path: string, status: number): boolean {
  return status === 200 || status === 204 || (path === '/' && status >= 301 && status <= 308);
}

/**
 * The first path of a server that answers a GET as a healthy one does; undefined when none does or
 * it speaks no HTTP. Redirects are not followed: a check must stay with this server.
 */
export async function askHttp(
  origin: string,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly status: number } | undefined> {
  for (const path of PATHS) {
    try {
      const response = await fetch(origin + path, {
        redirect: 'manual',
        headers: { 'user-agent': 'lastgood-init', connection: 'close' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      await response.body?.cancel();
      if (isWell(path, response.status)) return { path, status: response.status };
    } catch {
      // It does not speak HTTP, or not in time: the other paths would be no better.
      return undefined;
    }
  }
  return undefined;
}
