import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { isJsonObject, parseJson } from '../../../base/parse-json.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { ownsLink } from './route-text.ts';
import type { RoutesSpec } from './routes-spec.ts';

type LinkScope = Pick<RoutesSpec, 'links' | 'addresses'>;

/** The links of `ip -j -d address`; undefined when that is something else. */
export function readLinks(printed: string): readonly JsonObject[] | undefined {
  const value = parseJson(printed.trim() === '' ? '[]' : printed);
  return Array.isArray(value) ? value.filter(isJsonObject) : undefined;
}

/** Names of links. */
export function linkNames(links: readonly JsonObject[]): ReadonlySet<string> {
  return new Set(links.map((link) => textOf(link['ifname'])));
}

/** The state's links, where they are named whole, and the addresses that somebody set on them. */
export function linkItems(spec: LinkScope, links: readonly JsonObject[]): readonly StateItem[] {
  return links.flatMap((link) => {
    const name = textOf(link['ifname']);
    if (!ownsLink(spec, name)) return [];
    const flags = listOf(link['flags']).map(textOf);
    const state = flags.includes('UP') ? 'up' : 'down';
    const attributes = { mtu: textOf(link['mtu']), state, type: 'link' };
    const own = spec.links.includes(name) ? [{ path: `link/${name}`, attributes }] : [];
    const addresses = spec.addresses ? listOf(link['addr_info']) : [];
    return [...own, ...addresses.flatMap((address) => addressItem(name, address))];
  });
}

/** Flags that `ip address add` takes as they are printed. */
const FLAGS: readonly string[] = ['nodad', 'home', 'mngtmpaddr', 'noprefixroute', 'autojoin'];

/** Nobody set these: leases, advertised ones, link-local ones, and the loopback's own. */
function isOfOthers(link: string, address: JsonObject): boolean {
  const local = textOf(address['local']);
  if (address['dynamic'] === true || address['temporary'] === true) return true;
  if (address['family'] === 'inet6' && address['scope'] === 'link') return true;
  return link === 'lo' && (local === '127.0.0.1' || local === '::1');
}

function addressItem(link: string, address: Json): readonly StateItem[] {
  if (!isJsonObject(address) || isOfOthers(link, address)) return [];
  const local = textOf(address['local']);
  const peer = textOf(address['address']);
  const length = textOf(address['prefixlen']);
  const where = peer === '' ? `${local}/${length}` : `${local} peer ${peer}/${length}`;
  const named = { broadcast: 'brd', scope: 'scope', label: 'label', metric: 'metric' };
  const words = Object.entries(named).flatMap(([name, word]) => {
    const text = textOf(address[name]);
    return text === '' ? [] : [word, text];
  });
  const flags = FLAGS.filter((flag) => address[flag] === true);
  const unused = address['deprecated'] === true ? ['preferred_lft', '0'] : [];
  const role = address['secondary'] === true ? { role: 'secondary' } : {};
  return [
    {
      path: `address/${link}/${where}`,
      attributes: { ...role, type: 'address', words: [...words, ...flags, ...unused].join(' ') },
    },
  ];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
