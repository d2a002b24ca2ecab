import { isIP } from 'node:net';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isLoopback } from '../../base/loopback.ts';

/** The longest name DNS allows, and a port. */
const HOST_CHARS_MAX = 260;

/** The host of a Host header without its port, in lower case; undefined when it is malformed. */
function hostNameOf(header: string): string | undefined {
  if (header.length > HOST_CHARS_MAX) return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * Refuses a Host header that names none of our hosts, so that a page whose name an attacker points
 * at 127.0.0.1 (DNS rebinding) reaches nothing. Ours are `localhost`, the literal address the
 * connection came in on, and the configured names. The port is not compared: `ssh -L` moves it,
 * and it is the name that rebinding needs.
 */
export function checkHost(
  header: string | undefined,
  localAddress: string | undefined,
  names: readonly string[],
): Result<void> {
  const host = header === undefined ? undefined : hostNameOf(header);
  const shown = header === undefined ? 'no host' : JSON.stringify(header.slice(0, 80));
  if (host === undefined) {
    return err(lgError('LG_ACCESS_HOST_REFUSED', `the Host header has ${shown}`));
  }
  const local = (localAddress ?? '').replace(/^::ffff:/, '').toLowerCase();
  const isOurs =
    (isLoopback(local) && isLoopback(host)) ||
    (isIP(host) !== 0 && host === local) ||
    names.some((name) => hostNameOf(name) === host);
  if (isOurs) return ok(undefined);
  return err(lgError('LG_ACCESS_HOST_REFUSED', `the Host header is ${shown}`));
}

/** What a browser says about where a request comes from. */
export interface OriginFacts {
  readonly method: string;
  readonly host: string;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site and Sec-Fetch-Mode (W3C Fetch Metadata). */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  /** Signed in by a cookie, which browsers add by themselves. */
  readonly hasCookie: boolean;
}

/**
 * Refuses what a page of another origin sends (CSRF). Programs send no Origin and pass; a write by
 * cookie must show that our own page sent it.
 */
export function checkOrigin(facts: OriginFacts): Result<void> {
  const { origin, site, host } = facts;
  const isRead = facts.method === 'GET' || facts.method === 'HEAD';
  if (origin !== undefined) {
    if (isSameHost(origin, host)) return ok(undefined);
    return refused(`the Origin header is ${JSON.stringify(origin.slice(0, 80))}`);
  }
  // A link that somebody follows is fine: it shows the page and carries no strict cookie.
  const isVisit = isRead && facts.mode === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit) {
    return refused(`the browser says the request is ${JSON.stringify(site.slice(0, 20))}`);
  }
  if (facts.hasCookie && !isRead && site !== 'same-origin') {
    return refused('a write by session cookie carries no Origin header');
  }
  return ok(undefined);
}

function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  return url.host === host.toLowerCase() || `${url.host}:${defaultPort(url)}` === host;
}

function defaultPort(url: URL): string {
  return url.protocol === 'https:' ? '443' : '80';
}

function refused(detail: string): Result<void> {
  return err(lgError('LG_ACCESS_ORIGIN_REFUSED', detail));
}
