import { fitsPattern } from '../../../base/name-pattern.ts';
import type { NftablesSpec } from './nftables-spec.ts';

/**
 * What `nft list` prints of a table is what `nft -f` reads. Its layout is fixed: a table begins and
 * ends at the margin, its sets one tab further in, their elements two.
 */

/** Each table of a listed ruleset by family and name, in its own text. */
export function tablesOf(ruleset: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const [text, name = ''] of ruleset.matchAll(/^table (\S+ \S+) \{\n[\s\S]*?^\}\n/gm)) {
    tables.set(name, text);
  }
  return tables;
}

/** Whether a table of this family and name belongs to the state. */
export function isOwned(spec: Pick<NftablesSpec, 'tables'>, name: string): boolean {
  return spec.tables.some((pattern) => fitsPattern(name, pattern));
}

const SETS = /^\t(?:set|map) (\S+) \{\n([\s\S]*?)^\t\}\n/gm;
const ELEMENTS = /^\t\telements = \{[\s\S]*?\}\n/m;

/** Whether packets fill the set themselves, or its elements were said to come and go. */
function isPassing(spec: Pick<NftablesSpec, 'passing'>, path: string, body: string): boolean {
  const flags = /^\t\tflags (.*)$/m.exec(body)?.[1]?.split(',') ?? [];
  return flags.includes('dynamic') || spec.passing.some((pattern) => fitsPattern(path, pattern));
}

/** The table without the elements that come and go: what is captured and compared. */
export function withoutPassing(
  spec: Pick<NftablesSpec, 'passing'>,
  table: string,
  text: string,
): string {
  return text.replace(SETS, (whole, name: string, body: string) =>
    isPassing(spec, `${table} ${name}`, body) ? whole.replace(ELEMENTS, '') : whole,
  );
}

/**
 * The desired table with the elements that are in its passing sets now, where these are still sets
 * of the same kind: whoever is banned stays banned over a restore, for the time that is left.
 */
export function withElementsOf(
  spec: Pick<NftablesSpec, 'passing'>,
  table: string,
  desired: string,
  now: string,
): string {
  const held = new Map<string, { readonly kind: string; readonly elements: string }>();
  for (const [, name = '', body = ''] of now.matchAll(SETS)) {
    const elements = ELEMENTS.exec(body)?.[0];
    if (elements === undefined || !isPassing(spec, `${table} ${name}`, body)) continue;
    held.set(name, { kind: body.replace(ELEMENTS, ''), elements });
  }
  return desired.replace(SETS, (whole, name: string, body: string) => {
    const kept = held.get(name);
    if (kept === undefined || kept.kind !== body) return whole;
    return whole.replace(/^\t\}\n$/m, () => `${kept.elements}\t}\n`);
  });
}

/** Whether a text is that one table and nothing behind it: it is handed to nft as it is. */
export function isOneTable(text: string, table: string): boolean {
  if (!text.startsWith(`table ${table} {\n`) || !text.endsWith('}\n')) return false;
  const plain = text.replaceAll(/"[^"\n]*"/g, '""').trimEnd();
  let depth = 0;
  for (const { 0: brace, index } of plain.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth === 0) return index === plain.length - 1;
  }
  return false;
}

/** A table that is to be made, or one that is to go. */
export interface TableOrder {
  readonly table: string;
  /** Absent: it goes. */
  readonly text?: string;
}

/**
 * One transaction: each table goes with everything in it and comes as it is desired, or none does.
 * Making it first lets it go where it is not there. No other table is named.
 */
export function transaction(orders: readonly TableOrder[]): string {
  const parts = orders.map(
    ({ table, text }) => `add table ${table}\ndelete table ${table}\n${text ?? ''}`,
  );
  return parts.join('');
}
