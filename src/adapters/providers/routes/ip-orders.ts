import type { ItemPair } from '../../../filetree/compare/tree-changes.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import type { Family } from './route-text.ts';

/** Lines for `ip -batch`, by the family that `ip` has to be told. */
export interface IpOrders {
  /** Links and addresses, which say themselves what family they are of. */
  readonly any: readonly string[];
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/**
 * What brings each pair to its `to` form, in an order in which everything finds what it stands on:
 * links, addresses (the first of a network before its seconds), routes to neighbors, routes through
 * them, rules; what goes, goes after what comes. `isRetry`: replacing did not do, so routes go and
 * come again.
 */
export function ipOrders(pairs: readonly ItemPair[], isRetry = false): IpOrders {
  const of = (kind: string): readonly ItemPair[] =>
    pairs.filter(({ path }) => path.startsWith(`${kind}/`));
  const family = (name: Family): readonly string[] => [
    ...routeOrders(of(`route/${name}`), isRetry),
    ...ruleOrders(of(`rule/${name}`)),
  ];
  const any = [...of('link').flatMap(linkOrders), ...addressOrders(of('address'))];
  return { any, v4: family('v4'), v6: family('v6') };
}

function linkOrders({ path, to }: ItemPair): readonly string[] {
  // Nothing here makes or removes a link.
  if (to === undefined) return [];
  const { mtu, state } = { mtu: textOf(to, 'mtu'), state: textOf(to, 'state') };
  return [`link set dev ${path.slice('link/'.length)} mtu ${mtu} ${state}`];
}

function addressOrders(pairs: readonly ItemPair[]): readonly string[] {
  const place = (path: string): string => {
    const [, link = '', ...rest] = path.split('/');
    return `${rest.join('/')} dev ${link}`;
  };
  const gone = pairs.flatMap(({ path, from }) =>
    from === undefined ? [] : [`address del ${place(path)}`],
  );
  const made = pairs.flatMap(({ path, to }) => {
    if (to === undefined) return [];
    const rank = textOf(to, 'role') === 'secondary' ? 1 : 0;
    return [{ rank, line: `address add ${place(path)} ${textOf(to, 'words')}`.trimEnd() }];
  });
  return [...gone, ...made.toSorted((a, b) => a.rank - b.rank).map(({ line }) => line)];
}

function routeOrders(pairs: readonly ItemPair[], isRetry: boolean): readonly string[] {
  const made: { readonly rank: number; readonly lines: readonly string[] }[] = [];
  const gone: string[] = [];
  for (const { from, to } of pairs) {
    const [old, wanted] = [linesOf(from), linesOf(to)];
    const dropped = old.map((line) => `route del ${line}`);
    if (wanted.length === 0) gone.push(...dropped);
    else {
      const rank = wanted.some((line) => / via /.test(line)) ? 1 : 0;
      const isPlain = wanted.length === 1 && old.length <= 1 && !isRetry;
      // The first that is appended where there is none is simply added.
      const lines = isPlain
        ? wanted.map((line) => `route replace ${line}`)
        : [...dropped, ...wanted.map((line) => `route append ${line}`)];
      made.push({ rank, lines });
    }
  }
  return [...made.toSorted((a, b) => a.rank - b.rank).flatMap(({ lines }) => lines), ...gone];
}

function ruleOrders(pairs: readonly ItemPair[]): readonly string[] {
  const line = (path: string): string => {
    const [, , preference = '', ...rest] = path.split('/');
    return `pref ${preference} ${rest.join('/')}`;
  };
  return [
    ...pairs.flatMap(({ path, to }) => (to === undefined ? [] : [`rule add ${line(path)}`])),
    ...pairs.flatMap(({ path, to }) => (to === undefined ? [`rule del ${line(path)}`] : [])),
  ];
}

function linesOf(item: StateItem | undefined): readonly string[] {
  const lines = item === undefined ? '' : textOf(item, 'lines');
  return lines === '' ? [] : lines.split('\n');
}

function textOf({ attributes }: StateItem, name: string): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : '';
}

/** Whether a line is made of words that `ip -batch` takes as they are: it knows quotes and `#`. */
export function isPlainOrder(line: string): boolean {
  return /^[\w.:/@%+,*-]+( [\w.:/@%+,*-]+)*$/.test(line);
}
