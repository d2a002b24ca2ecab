import { fitsPattern } from '../../../base/name-pattern.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import type { RoutesSpec } from './routes-spec.ts';

/** The families that routes and rules are listed by. */
export type Family = 'v4' | 'v6';

/**
 * What `ip -d` prints of a route or a rule is what `ip route add` and `ip rule add` read, but for
 * words that tell its condition: alone, or with a value behind them.
 */
const CONDITIONS: ReadonlySet<string> = new Set(
  `linkdown dead offload offload_failed trap rt_offload rt_offload_failed rt_trap pervasive
  unresolved cloned cache notify [detached] [unresolved]`.split(/\s+/),
);
const CONDITIONS_WITH_VALUE: ReadonlySet<string> = new Set(
  'error expires age users nhid'.split(' '),
);

/** The words of a line, which `-o` prints with a backslash between hops, but for its condition. */
function lastingWords(line: string): readonly string[] {
  const words = line.split(/[\s\\]+/).filter((word) => word !== '');
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (CONDITIONS_WITH_VALUE.has(word)) at += 1;
    else if (!CONDITIONS.has(word)) kept.push(word);
  }
  return kept;
}

/** The word behind each such word. */
function valuesAfter(words: readonly string[], name: string): readonly string[] {
  return words.flatMap((word, at) => (word === name ? [words[at + 1] ?? ''] : []));
}

/** Whether a link is one of the state's. */
export function ownsLink({ links }: Pick<RoutesSpec, 'links'>, name: string): boolean {
  return links.some((pattern) => fitsPattern(name, pattern));
}

type RouteScope = Pick<RoutesSpec, 'links' | 'protocols' | 'tables'>;

/** The state's own routes of one family, of `ip -o -d route show table all`. */
export function routeItems(
  spec: RouteScope,
  family: Family,
  printed: string,
): readonly StateItem[] {
  // Routes of one key are tried in the order they are listed in, so they are one item.
  const byKey = new Map<string, string[]>();
  for (const line of printed.split('\n')) {
    const words = lastingWords(line);
    if (!isOwn(spec, words)) continue;
    const key = routeKey(family, words);
    byKey.set(key, [...(byKey.get(key) ?? []), words.join(' ')]);
  }
  return [...byKey].map(([path, lines]) => ({
    path,
    attributes: { lines: lines.join('\n'), type: 'route' },
  }));
}

function isOwn({ links, protocols, tables }: RouteScope, words: readonly string[]): boolean {
  const [protocol = 'boot'] = valuesAfter(words, 'proto');
  const [table = 'main'] = valuesAfter(words, 'table');
  if (words.length < 2 || !protocols.includes(protocol)) return false;
  if (!tables.some((pattern) => fitsPattern(table, pattern))) return false;
  // What leads nowhere has no link, or the loopback's in IPv6.
  if (!['unicast', 'local'].includes(words[0] ?? '')) return true;
  const through = valuesAfter(words, 'dev');
  return through.length > 0 && through.every((link) => ownsLink({ links }, link));
}

function routeKey(family: Family, words: readonly string[]): string {
  const [table = 'main'] = valuesAfter(words, 'table');
  const marks = ['from', 'tos', 'metric'].flatMap((name) =>
    valuesAfter(words, name).map((value) => ` ${name} ${value}`),
  );
  return `route/${family}/${table}/${words[1] ?? ''}${marks.join('')}`;
}

/** Rules of one family, of `ip -d rule`. */
export function ruleItems(family: Family, printed: string): readonly StateItem[] {
  const paths = printed.split('\n').flatMap((line) => {
    const [, preference, rest = ''] = /^(\d+):\s+(.*)$/.exec(line) ?? [];
    if (preference === undefined) return [];
    const words = lastingWords(rest.replace('lookup [l3mdev-table]', 'l3mdev')).join(' ');
    return isOfDaemon(words) ? [] : [`rule/${family}/${preference}/${words}`];
  });
  return [...new Set(paths)].map((path) => ({ path, attributes: { type: 'rule' } }));
}

/** Routing daemons make rules of their own, and would make them again. */
function isOfDaemon(words: string): boolean {
  return /\bproto (zebra|bird|babel|bgp|isis|ospf|rip|eigrp|openr|keepalived)\b/.test(words);
}
