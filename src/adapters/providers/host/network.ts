import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { isJsonObject, parseJson } from '../../../base/parse-json.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { isPassingLink } from '../../../model/component/passing-links.ts';
import { sectionItem, withoutRepeats } from './section.ts';

/** The list that `ip -j` prints; undefined when it printed something else. */
export function ipAnswer(text: string): readonly JsonObject[] | undefined {
  const value = parseJson(text.trim() === '' ? '[]' : text);
  return Array.isArray(value) ? value.filter(isJsonObject) : undefined;
}

/** Links and their addresses, of `ip -j address`. Lifetimes and counters are left out. */
export function linkItems(answer: readonly JsonObject[]): readonly StateItem[] {
  const items = answer.flatMap((link) => {
    const name = textOf(link['ifname']);
    if (name === '' || isPassingLink(name)) return [];
    const flags = listOf(link['flags']).map(textOf);
    const own = sectionItem('links', name, {
      type: 'link',
      name,
      state: flags.includes('UP') ? 'up' : 'down',
      carrier: flags.includes('LOWER_UP') ? 'yes' : 'no',
      ...kept(link, ['mtu', 'address', 'master', 'link']),
    });
    return [own, ...listOf(link['addr_info']).flatMap((address) => addressItem(name, address))];
  });
  return withoutRepeats(items);
}

function addressItem(link: string, address: Json): readonly StateItem[] {
  // Temporary addresses (RFC 8981) are renewed by the day.
  if (!isJsonObject(address) || address['temporary'] === true) return [];
  const text = `${textOf(address['local'])}/${textOf(address['prefixlen'])}`;
  return [
    sectionItem('links', `${link}/${text}`, {
      type: 'address',
      link,
      address: text,
      ...kept(address, ['scope', 'peer']),
    }),
  ];
}

/**
 * Routes of one family, of `ip -j route show table all`. What the kernel derives from addresses is
 * left out: the address itself is an item.
 */
export function routeItems(
  family: 'v4' | 'v6',
  answer: readonly JsonObject[],
): readonly StateItem[] {
  const items = answer.flatMap((route) => {
    const table = textOf(route['table']) || 'main';
    const link = textOf(route['dev']);
    if (table === 'local' && textOf(route['protocol']) === 'kernel') return [];
    if (isPassingLink(link) || textOf(route['type']) === 'multicast') return [];
    const to = textOf(route['dst']);
    const hops = listOf(route['nexthops']).flatMap((hop) =>
      isJsonObject(hop) ? [hopText(hop)] : [],
    );
    const metric = textOf(route['metric']);
    const key = `${family}/${table}/${to}${metric === '' ? '' : ` metric ${metric}`}`;
    return [
      sectionItem('routes', key, {
        type: 'route',
        to,
        table,
        ...kept(route, ['gateway', 'dev', 'protocol', 'scope', 'prefsrc', 'metric']),
        ...(textOf(route['type']) === '' ? {} : { kind: textOf(route['type']) }),
        ...(isJsonObject(route['via'] ?? null) ? { via: viaText(route['via'] ?? null) } : {}),
        ...(hops.length === 0 ? {} : { hops: hops.toSorted().join(', ') }),
      }),
    ];
  });
  return withoutRepeats(items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
}

function hopText(hop: JsonObject): string {
  const words = [
    textOf(hop['gateway']) === '' ? '' : `via ${textOf(hop['gateway'])}`,
    textOf(hop['dev']) === '' ? '' : `dev ${textOf(hop['dev'])}`,
    `weight ${textOf(hop['weight']) || '1'}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

function viaText(via: Json): string {
  return isJsonObject(via) ? `${textOf(via['family'])} ${textOf(via['host'])}` : '';
}

/** Policy rules of one family, of `ip -j rule`. */
export function ruleItems(
  family: 'v4' | 'v6',
  answer: readonly JsonObject[],
): readonly StateItem[] {
  const items = answer.map((rule) => {
    const rest = Object.entries(rule)
      .filter(([name]) => name !== 'priority')
      .map(([name, value]) => `${name} ${textOf(value)}`.trim());
    const priority = textOf(rule['priority']);
    const words = rest.toSorted().join(' ');
    return sectionItem('routes', `${family}/rule/${priority}`, { type: 'rule', priority, words });
  });
  return withoutRepeats(items);
}

/** The named members that are there, as text. */
function kept(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(object[name]);
      return text === '' ? [] : [[name, text]];
    }),
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
