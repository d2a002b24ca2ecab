import type { Json, JsonObject } from '../../base/canonical-json.ts';
import { counted } from '../../base/counted.ts';
import type { TimelineRecord } from '../../model/record/timeline-record.ts';

/** Calls to hosts outside the inventory since the target: no rollback takes them back. */
export interface OutsideEffects {
  readonly calls: number;
  /** The most called first. */
  readonly hosts: readonly OutsideHost[];
  /** More was recorded than was looked at. */
  readonly isCut: boolean;
}

interface OutsideHost {
  readonly component: string;
  readonly host: string;
  readonly calls: number;
  /** The name of one such call: `POST /v1/charges`. */
  readonly example: string;
}

/** As many as a person reads; the rest is counted. */
const NAMED_MAX = 3;

/** Asking changes nothing outside. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Counts the calls that changed something outside, by spans of clients: payments, mails, webhooks.
 * Not counted: calls that only ask (HTTP's safe methods), databases, hosts that the inventory
 * knows, this machine and private addresses, which are nobody else's. Pure.
 */
export function outsideEffects(
  spans: readonly TimelineRecord[],
  inside: ReadonlySet<string>,
  isCut: boolean,
): OutsideEffects {
  const hosts = new Map<string, OutsideHost>();
  for (const { component = 'somebody', attributes, body } of spans) {
    const host = outsideHost(attributes, inside);
    if (host === undefined) continue;
    const key = `${component} ${host}`;
    const calls = (hosts.get(key)?.calls ?? 0) + 1;
    const example = hosts.get(key)?.example ?? nameOf(attributes, body);
    hosts.set(key, { component, host, calls, example });
  }
  const sorted = [...hosts.values()].toSorted(
    (a, b) =>
      b.calls - a.calls || (`${a.component} ${a.host}` < `${b.component} ${b.host}` ? -1 : 1),
  );
  return { calls: sorted.reduce((sum, { calls }) => sum + calls, 0), hosts: sorted, isCut };
}

/** In one sentence; undefined when there was none. */
export function effectsText(
  { calls, hosts, isCut }: OutsideEffects,
  since: string,
): string | undefined {
  if (calls === 0) return undefined;
  const named = hosts
    .slice(0, NAMED_MAX)
    .map((one) => `${one.component} → ${one.host} (${one.calls}, such as ${one.example})`);
  const more = hosts.length - named.length;
  const rest = more > 0 ? ` and ${counted(more, 'more host')}` : '';
  return (
    `Since ${since} ${isCut ? 'at least ' : ''}${counted(calls, 'call')} went to hosts outside ` +
    `the inventory, and no rollback takes them back: ${named.join(', ')}${rest}.`
  );
}

function outsideHost(attributes: JsonObject, inside: ReadonlySet<string>): string | undefined {
  if (textOf(attributes['span.kind'])?.toLowerCase() !== 'client') return undefined;
  if (Object.keys(attributes).some((name) => name.startsWith('db.'))) return undefined;
  const method = attributes['http.request.method'] ?? attributes['http.method'];
  if (SAFE_METHODS.has(textOf(method)?.toUpperCase() ?? '')) return undefined;
  const host = hostOf(attributes)?.toLowerCase();
  if (host === undefined || inside.has(host) || isNear(host)) return undefined;
  return host;
}

function hostOf(attributes: JsonObject): string | undefined {
  for (const name of ['server.address', 'net.peer.name']) {
    const text = textOf(attributes[name]);
    if (text !== undefined) return text;
  }
  const url = textOf(attributes['url.full'] ?? attributes['http.url']);
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/**
 * This machine, an address that is only used within one's own networks (RFC 1918, RFC 4193), or a
 * name without a domain.
 */
function isNear(host: string): boolean {
  return NEAR.test(host) || !/[.:]/.test(host);
}

const NEAR = new RegExp(
  String.raw`^(127\.|\[?::1\]?$|10\.\d|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|` +
    String.raw`\[?f[cd][0-9a-f]{2}:|\[?fe80:)`,
);

function nameOf(attributes: JsonObject, body: Json | undefined): string {
  return textOf(body) ?? textOf(attributes['span.name']) ?? 'a call';
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
