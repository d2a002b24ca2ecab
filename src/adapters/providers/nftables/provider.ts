import { shellQuote } from '../../../base/shell-quote.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { ItemPair } from '../../../filetree/compare/tree-changes.ts';
import { itemContent, readItemContent } from '../../../local-provider/item-content.ts';
import { layeredProvider } from '../../../local-provider/layered/layered-provider.ts';
import type { RunningLook } from '../../../local-provider/layered/layered-state.ts';
import { networkRefusal } from '../../../local-provider/network-right.ts';
import { commandFailure, runSuccessfully } from '../../../local-provider/run-successfully.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Applied, ProviderIo } from '../../../ports/provider.ts';
import { nftablesDrift } from './nftables-drift.ts';
import { nftablesSpec, type NftablesSpec } from './nftables-spec.ts';
import {
  isOneTable,
  isOwned,
  tablesOf,
  transaction,
  withElementsOf,
  withoutPassing,
  type TableOrder,
} from './table-text.ts';

/**
 * Tables of the packet filter, each with its chains, rules, sets and maps, and the file that makes
 * them when the host starts. All tables are deleted and made anew in one transaction, in which the
 * kernel takes all or nothing; tables that are not named are never touched. Counters and used
 * quotas are no part of the state and begin at zero again.
 */
export const nftablesProvider = layeredProvider<NftablesSpec>({
  kind: 'nftables',
  carriesTraffic: true,
  specSchema: nftablesSpec,
  scope: { more: ['tables', 'persistent'], less: ['passing'] },
  traits: ({ persistent }) => ({
    atomic: persistent.length === 0 ? 'all' : 'per-item',
    exactness: 'semantic',
    partial: true,
  }),
  refusal: async () => networkRefusal('the packet filter'),
  look,
  describe: (item) => (item.secret === true ? 'a secret table' : `a table (${digest(item)})`),
  commands: (pairs) => pairs.map(commandOf),
  byHand: (_spec, items, folder) => items.map((item) => byHand(item, folder)),
  async validate(spec, now, desired, io) {
    const pairs = [...desired.items.map((to) => ({ path: to.path, to })), ...gone(now, desired)];
    const orders = await ordersOf(spec, pairs, io);
    if (!orders.ok) return ok([orders.error.detail]);
    const refused = await refusalOf(spec, transaction(orders.value), io);
    return ok(refused === undefined ? [] : [refused]);
  },
  async prepare(spec, pairs, io) {
    const orders = await ordersOf(spec, pairs, io);
    if (!orders.ok) return orders;
    const refused = await refusalOf(spec, transaction(orders.value), io);
    if (refused !== undefined) return err(lgError('LG_PROVIDER_APPLY_FAILED', refused));
    return ok(() => change(spec, orders.value, io));
  },
  drift: nftablesDrift,
});

function digest({ content, size }: StateItem): string {
  return `${size ?? 0} bytes, ${content?.[0]?.slice(0, 8) ?? 'empty'}`;
}

function commandOf({ path, to }: ItemPair): string {
  if (to === undefined) return `nft delete table ${path}`;
  return `# table ${path} is deleted and made as it was, in one transaction: nft -f`;
}

function byHand({ path }: StateItem, folder: string): string {
  const file = `${shellQuote(folder)}/${shellQuote(path)}`;
  const orders = `(echo 'add table ${path}'; echo 'delete table ${path}'; cat ${file})`;
  // Without the file the table would be gone, and nothing come in its place.
  return `test -r ${file} && ${orders} | nft -f -`;
}

type Items = { readonly items: readonly StateItem[] };

function gone(now: Items, desired: Items): readonly ItemPair[] {
  const kept = new Set(desired.items.map(({ path }) => path));
  return now.items.flatMap((from) => (kept.has(from.path) ? [] : [{ path: from.path, from }]));
}

/** `-s`: without counters, quotas used, and what is left of an element's time. */
async function look(
  spec: NftablesSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<RunningLook>> {
  const listed = await runSuccessfully(['nft', '-s', 'list', 'ruleset'], runOptions(spec), io);
  if (!listed.ok) return listed;
  const items: StateItem[] = [];
  const excluded: string[] = [];
  for (const [table, text] of tablesOf(fromUtf8(listed.value.stdout))) {
    if (!isOwned(spec, table)) {
      excluded.push(`table ${table}: not named under tables`);
      continue;
    }
    const kept = withoutPassing(spec, table, text);
    if (kept !== text) excluded.push(`table ${table}: elements of sets that fill by themselves`);
    const content = await itemContent(utf8(kept), store, io);
    if (!content.ok) return content;
    const mark = spec.secret ? { secret: true as const } : {};
    items.push({ path: table, attributes: { type: 'table' }, ...content.value, ...mark });
  }
  return ok({ items, unreadable: [], included: spec.tables.map(tableWords), excluded });
}

function tableWords(pattern: string): string {
  return `table ${pattern}`;
}

function runOptions({ timeout }: NftablesSpec): { readonly timeoutMs: number } {
  return { timeoutMs: timeout };
}

/** The tables that are to change, with the text of those that stay. */
async function ordersOf(
  spec: NftablesSpec,
  pairs: readonly ItemPair[],
  io: ProviderIo,
): Promise<Result<readonly TableOrder[]>> {
  const orders: TableOrder[] = [];
  for (const { path, to } of pairs) {
    if (!isOwned(spec, path)) {
      return err(lgError('LG_PROVIDER_APPLY_FAILED', `table ${path} is not named under tables`));
    }
    if (to === undefined) {
      orders.push({ table: path });
      continue;
    }
    const content = await readItemContent(to, io);
    if (!content.ok) return content;
    const text = fromUtf8(content.value);
    if (!isOneTable(text, path)) {
      return err(lgError('LG_PROVIDER_APPLY_FAILED', `table ${path}: the content is another one`));
    }
    orders.push({ table: path, text });
  }
  return ok(orders);
}

/** What the kernel would say against it; it looks and takes nothing. */
async function refusalOf(
  spec: NftablesSpec,
  orders: string,
  io: ProviderIo,
): Promise<string | undefined> {
  const options = { ...runOptions(spec), input: utf8(orders) };
  const checked = await runSuccessfully(['nft', '-c', '-f', '-'], options, io);
  return checked.ok ? undefined : checked.error.detail;
}

async function change(
  spec: NftablesSpec,
  orders: readonly TableOrder[],
  io: ProviderIo,
): Promise<Applied> {
  const input = utf8(await withLiveElements(spec, orders, io));
  const command = ['nft', '-f', '-'];
  const ran = await io.run(command, { ...runOptions(spec), input });
  if (!ran.ok) return { kind: 'unknown', why: ran.error.detail };
  if (ran.value.exitCode === 0) return { kind: 'done' };
  const why = commandFailure(command, ran.value).detail;
  // What nft itself refuses is never taken in part; one that was killed may have been done.
  return { kind: ran.value.exitCode === 1 ? 'failed-clean' : 'unknown', why };
}

/** Elements that cannot be taken over are given up: the tables matter more. */
async function withLiveElements(
  spec: NftablesSpec,
  orders: readonly TableOrder[],
  io: ProviderIo,
): Promise<string> {
  const plain = transaction(orders);
  const listed = await runSuccessfully(['nft', 'list', 'ruleset'], runOptions(spec), io);
  if (!listed.ok) return plain;
  const now = tablesOf(fromUtf8(listed.value.stdout));
  const kept = orders.map((order) => {
    const live = now.get(order.table);
    if (order.text === undefined || live === undefined) return order;
    return { ...order, text: withElementsOf(spec, order.table, order.text, live) };
  });
  const full = transaction(kept);
  return full === plain || (await refusalOf(spec, full, io)) !== undefined ? plain : full;
}
