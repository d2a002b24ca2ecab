import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { differingItems, type ItemPair } from '../../../filetree/compare/tree-changes.ts';
import { layeredProvider } from '../../../local-provider/layered/layered-provider.ts';
import type { RunningLook } from '../../../local-provider/layered/layered-state.ts';
import { networkRefusal } from '../../../local-provider/network-right.ts';
import { runSuccessfully } from '../../../local-provider/run-successfully.ts';
import {
  fingerprintOf,
  stateImage,
  type StateImage,
  type StateItem,
} from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Applied, ProviderIo } from '../../../ports/provider.ts';
import { ipOrders, isPlainOrder, type IpOrders } from './ip-orders.ts';
import { ipCommands, routesByHand } from './routes-by-hand.ts';
import { linkItems, linkNames, readLinks } from './link-text.ts';
import { routeItems, ruleItems } from './route-text.ts';
import { routesSpec, type RoutesSpec } from './routes-spec.ts';

/**
 * How often what still differs is ordered again: an address that goes takes its seconds and its
 * routes with it, and a link that comes up has lost them.
 */
const ROUNDS_MAX = 4;

/**
 * Addresses, routes and policy rules that people and their scripts set, and the files they do it
 * with. Exact: what is there beyond goes. The kernel takes one order at a time, so a state that is
 * half done is possible and is found by looking.
 */
export const routesProvider = layeredProvider<RoutesSpec>({
  kind: 'routes',
  carriesTraffic: true,
  specSchema: routesSpec,
  scope: { more: ['links', 'protocols', 'tables', 'addresses', 'rules', 'persistent'] },
  traits: () => ({ atomic: 'none', exactness: 'semantic' }),
  refusal: async () => networkRefusal('routes'),
  look,
  describe,
  commands: (pairs) => ipCommands(ipOrders(pairs)),
  byHand: (_spec, items) => routesByHand(items),
  validate,
  async prepare(spec, pairs, io) {
    const { any, v4, v6 } = ipOrders(pairs);
    const odd = [...any, ...v4, ...v6].find((line) => !isPlainOrder(line));
    if (odd !== undefined) return err(lgError('LG_PROVIDER_APPLY_FAILED', `odd words: ${odd}`));
    return ok(() => change(spec, pairs, io));
  },
  drift: async () => [],
});

function describe({ path, attributes }: StateItem): string {
  const { lines, words, role, mtu, state } = attributes;
  if (typeof lines === 'string') return lines.replaceAll('\n', '; ');
  if (typeof mtu === 'string') return `${String(state)}, mtu ${mtu}`;
  if (typeof words === 'string') return role === undefined ? words : `${words}, secondary`;
  return path.split('/').slice(3).join('/');
}

async function ip(
  { timeout: timeoutMs }: RoutesSpec,
  io: ProviderIo,
  ...words: readonly string[]
): Promise<Result<string>> {
  const ran = await runSuccessfully(['ip', ...words], { timeoutMs }, io);
  return ran.ok ? ok(fromUtf8(ran.value.stdout)) : ran;
}

async function look(spec: RoutesSpec, io: ProviderIo): Promise<Result<RunningLook>> {
  const items: StateItem[] = [];
  const printed = await ip(spec, io, '-j', '-d', 'address', 'show');
  if (!printed.ok) return printed;
  const links = readLinks(printed.value);
  if (links === undefined) {
    return err(lgError('LG_PROVIDER_UNREADABLE', 'ip -j address printed no list of links'));
  }
  items.push(...linkItems(spec, links));
  for (const [family, flag] of [['v4', '-4'] as const, ['v6', '-6'] as const]) {
    const routes = await ip(spec, io, flag, '-o', '-d', 'route', 'show', 'table', 'all');
    if (!routes.ok) return routes;
    items.push(...routeItems(spec, family, routes.value));
    if (!spec.rules) continue;
    const rules = await ip(spec, io, flag, '-d', 'rule', 'show');
    if (!rules.ok) return rules;
    items.push(...ruleItems(family, rules.value));
  }
  const { protocols } = spec;
  return ok({
    items,
    unreadable: [],
    included: spec.links.map((name) => `link ${name}`),
    excluded: [
      `routes that others made than ${protocols.join(', ')}, and addresses that are leased`,
      'whether the files would make the same: each program that reads them has its own language',
    ],
  });
}

async function validate(
  spec: RoutesSpec,
  _now: StateImage,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const printed = await ip(spec, io, '-j', 'link', 'show');
  if (!printed.ok) return printed;
  const present = linkNames(readLinks(printed.value) ?? []);
  const { any, v4, v6 } = ipOrders(desired.items.map((to) => ({ path: to.path, to })));
  const lines = [...any, ...v4, ...v6];
  const needed = new Set(
    lines.flatMap((line) => [...line.matchAll(/ dev (\S+)/g)].map(([, link = '']) => link)),
  );
  const missing = [...needed].filter((link) => !present.has(link));
  return ok([
    ...missing.map((link) => `link ${link} is not there`),
    ...lines.filter((line) => !isPlainOrder(line)).map((line) => `odd words: ${line}`),
  ]);
}

/** Orders what differs until nothing does, or until ordering changes nothing any more. */
async function change(
  spec: RoutesSpec,
  pairs: readonly ItemPair[],
  io: ProviderIo,
): Promise<Applied> {
  const before = await imageNow(spec, io);
  if (!before.ok) return { kind: 'failed-clean', why: before.error.detail };
  const changed = new Set(pairs.map(({ path }) => path));
  // What was not asked for stays, and comes back where it went with something else.
  const desired = stateImage([
    ...before.value.items.filter(({ path }) => !changed.has(path)),
    ...pairs.flatMap(({ to }) => (to === undefined ? [] : [to])),
  ]);
  let now = before.value;
  let why = '';
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const left = differingItems(now, desired);
    if (left.length === 0) return { kind: 'done' };
    const said = await order(spec, ipOrders(left, round > 0), io);
    if (said !== '') why = said;
    const looked = await imageNow(spec, io);
    if (!looked.ok) return { kind: 'unknown', why: looked.error.detail };
    const isStuck = round > 0 && fingerprintOf(looked.value) === fingerprintOf(now);
    now = looked.value;
    if (isStuck) break;
  }
  const [left] = differingItems(now, desired);
  if (left === undefined) return { kind: 'done' };
  const isClean = fingerprintOf(now) === fingerprintOf(before.value);
  why ||= `${left.path} is not as it was`;
  return { kind: isClean ? 'failed-clean' : 'unknown', why };
}

async function imageNow(spec: RoutesSpec, io: ProviderIo): Promise<Result<StateImage>> {
  const looked = await look(spec, io);
  return looked.ok ? ok(stateImage(looked.value.items)) : looked;
}

/** Gives every order, whatever becomes of another; answers what was said against them. */
async function order(spec: RoutesSpec, { any, v4, v6 }: IpOrders, io: ProviderIo): Promise<string> {
  const said: string[] = [];
  for (const [flags, lines] of [[[], any] as const, [['-4'], v4] as const, [['-6'], v6] as const]) {
    if (lines.length === 0) continue;
    io.signal.throwIfAborted();
    const options = { timeoutMs: spec.timeout, input: utf8(`${lines.join('\n')}\n`) };
    const ran = await runSuccessfully(['ip', ...flags, '-force', '-batch', '-'], options, io);
    if (!ran.ok) said.push(ran.error.detail);
  }
  return said.join('; ');
}
