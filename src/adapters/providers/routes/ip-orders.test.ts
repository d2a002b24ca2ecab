import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { differingItems } from '../../../filetree/compare/tree-changes.ts';
import { stateImage, type StateImage } from '../../../model/checkpoint/capture.ts';
import { ipOrders, isPlainOrder } from './ip-orders.ts';
import { linkItems } from './link-text.ts';
import { routeItems, ruleItems } from './route-text.ts';

const printed = readFileSync(join(import.meta.dirname, 'testdata', 'route-v4.txt'), 'utf8');
const spec = { links: ['ge1', 'ge2'], protocols: ['boot', 'static'], tables: ['*'] };

test('routes that people set on their links are the state; others own the rest', () => {
  const items = stateImage(routeItems(spec, 'v4', printed)).items;
  assert.deepEqual(
    items.map(({ path }) => path),
    [
      'route/v4/100/203.0.113.0/24 tos 0x10',
      'route/v4/main/192.0.2.0/24 metric 5',
      'route/v4/main/198.51.100.0/24',
      'route/v4/main/default',
    ],
  );
  const two = items[1]?.attributes['lines'];
  const way = 'unicast 192.0.2.0/24 via 10.0.0.7 dev ge1 table main proto static scope global';
  const other = way.replace('10.0.0.7', '10.0.0.9');
  assert.equal(two, `${way} metric 5 mtu 1400\n${other} metric 5`);
});

test('a route is read from what is ordered for it as it was read from what was printed', () => {
  const items = stateImage(routeItems(spec, 'v4', printed));
  const orders = ipOrders(items.items.map((to) => ({ path: to.path, to }))).v4;
  const again = orders.map((line) => line.replace(/^route (replace|append) /, '')).join('\n');
  assert.deepEqual(stateImage(routeItems(spec, 'v4', again)), items);
});

test('rules of people and the kernel are the state, not those of a routing daemon', () => {
  const items = ruleItems(
    'v4',
    `0:\tfrom all lookup local proto kernel
100:\tfrom 10.7.0.0/16 fwmark 0x1/0xf iif ge9 [detached] lookup 100 proto unspec
200:\tfrom all lookup 200 proto zebra
1000:\tfrom all lookup [l3mdev-table] proto kernel
`,
  );
  assert.deepEqual(
    items.map(({ path }) => path),
    [
      'rule/v4/0/from all lookup local proto kernel',
      'rule/v4/100/from 10.7.0.0/16 fwmark 0x1/0xf iif ge9 lookup 100 proto unspec',
      'rule/v4/1000/from all l3mdev proto kernel',
    ],
  );
  const orders = ipOrders(items.slice(1, 2).map((from) => ({ path: from.path, from }))).v4;
  assert.deepEqual(orders, [
    'rule del pref 100 from 10.7.0.0/16 fwmark 0x1/0xf iif ge9 lookup 100 proto unspec',
  ]);
});

test('addresses that were leased, advertised or made by the kernel are nobody’s setting', () => {
  const address = (more: object) => ({ family: 'inet', prefixlen: 24, scope: 'global', ...more });
  const link = (ifname: string, addresses: readonly object[]) =>
    JSON.parse(JSON.stringify({ ifname, flags: ['UP'], mtu: 1500, addr_info: addresses }));
  const items = linkItems({ links: ['lo', 'ge*'], addresses: true }, [
    link('lo', [address({ local: '127.0.0.1' }), address({ local: '10.1.1.1' })]),
    link('ge1', [
      address({ local: '10.0.0.1', label: 'ge1', broadcast: '10.0.0.255' }),
      address({ local: '10.0.0.2', secondary: true }),
      address({ local: '10.0.0.3', dynamic: true }),
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' },
      address({ local: '10.9.0.1', address: '10.9.0.2', prefixlen: 32 }),
    ]),
    link('docker0', [address({ local: '172.17.0.1' })]),
  ]);
  assert.deepEqual(
    stateImage(items).items.map(({ path, attributes }) => [path, attributes]),
    [
      [
        'address/ge1/10.0.0.1/24',
        { type: 'address', words: 'brd 10.0.0.255 scope global label ge1' },
      ],
      ['address/ge1/10.0.0.2/24', { role: 'secondary', type: 'address', words: 'scope global' }],
      ['address/ge1/10.9.0.1 peer 10.9.0.2/32', { type: 'address', words: 'scope global' }],
      ['address/lo/10.1.1.1/24', { type: 'address', words: 'scope global' }],
      ['link/lo', { mtu: '1500', state: 'up', type: 'link' }],
    ],
  );
});

test('no word of an order is one that ip would read as quotes, comments or a second order', () => {
  for (const line of [
    'route add default via 10.0.0.1',
    'address add 2001:db8::1/64 dev eth0.100',
  ]) {
    assert.ok(isPlainOrder(line), line);
  }
  for (const odd of ['route add default\nlink del eth0', 'route add "x', 'link set dev # up', '']) {
    assert.equal(isPlainOrder(odd), false, odd);
  }
});

const hop = fc.constantFrom('10.0.0.7', '10.0.0.8', '10.0.0.9');
const route = fc.record({
  to: fc.constantFrom('default', '192.0.2.0/24', '198.51.100.0/24'),
  metric: fc.constantFrom('', ' metric 5'),
  hops: fc.array(hop, { minLength: 1, maxLength: 3 }),
});
const image: fc.Arbitrary<StateImage> = fc
  .uniqueArray(route, { selector: ({ to, metric }) => to + metric, maxLength: 5 })
  .map((routes) => {
    const lines = routes.flatMap(({ to, metric, hops }) =>
      hops.map((via) => `unicast ${to} via ${via} dev ge1 table main proto static${metric}`),
    );
    return stateImage(routeItems(spec, 'v4', lines.join('\n')));
  });

/** What the kernel makes of the orders: lines by their key, in the order they came. */
function obey(now: StateImage, orders: readonly string[]): StateImage {
  const lines = now.items.flatMap(({ attributes }) => String(attributes['lines']).split('\n'));
  const keyOf = (line: string): string => `${line.split(' ')[1]}${/ metric .*/.exec(line)?.[0]}`;
  for (const order of orders) {
    const [, verb = '', line = ''] = /^route (\S+) (.*)$/.exec(order) ?? [];
    const at = lines.findIndex((one) =>
      verb === 'del' ? one === line : keyOf(one) === keyOf(line),
    );
    if (verb === 'del') lines.splice(at, 1);
    else if (verb === 'replace' && at >= 0) lines[at] = line;
    else lines.push(line);
  }
  return stateImage(routeItems(spec, 'v4', lines.join('\n')));
}

test('the orders from one set of routes to another make the other of it, also again', () => {
  fc.assert(
    fc.property(image, image, fc.boolean(), (from, to, isRetry) => {
      const made = obey(from, ipOrders(differingItems(from, to), isRetry).v4);
      assert.deepEqual(made, to);
      assert.deepEqual(ipOrders(differingItems(made, to)), { any: [], v4: [], v6: [] });
    }),
  );
});
