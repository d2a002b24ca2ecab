import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeenDependencies } from './seen-dependencies.ts';

const edgesOf = (
  seen: SeenDependencies,
  known: readonly (readonly [string, string])[] = [],
): readonly string[] =>
  seen.list(known).map(({ from, to, origin, count }) => `${from} > ${to} ${origin} ${count}`);

const address = (at: string, action = 'created'): string =>
  JSON.stringify({ 'change.action': action, 'network.local.address': at });

const route = (hops: string, action = 'created'): string =>
  JSON.stringify({ 'change.action': action, 'network.route.next_hop': hops });

const packet = (from: string, to: string, flags: readonly string[]): string =>
  JSON.stringify({
    'destination.address': to,
    'network.tcp.flags': flags,
    'source.address': from,
  });

test('a call that both ends tell is one call', () => {
  const seen = new SeenDependencies();
  seen.call('shop', 'till', 1_000);
  seen.served('shop', 'till', 1_001);
  seen.served('shop', 'till', 1_500);
  assert.deepEqual(edgesOf(seen), ['shop > till spans 2']);
});

test('a route needs the machine that has its next hop, learned before or after', () => {
  const seen = new SeenDependencies();
  const hops = 'via 10.0.0.1 dev eth0, via fd00::1 dev eth1';
  seen.event('web1', 'network.route.changed', route(hops), 1_000);
  assert.deepEqual(edgesOf(seen), [], 'nobody is known at that address');
  seen.event('r1', 'network.address.changed', address('10.0.0.1/24'), 2_000);
  assert.deepEqual(edgesOf(seen), ['web1 > r1 routes 1']);
  assert.deepEqual(edgesOf(seen, [['fd00::1', 'r2']]), [
    'web1 > r1 routes 1',
    'web1 > r2 routes 1',
  ]);
});

test('an address of two machines belongs to nobody, one that was given up to the other', () => {
  const seen = new SeenDependencies();
  seen.event('web1', 'network.route.changed', route('via 10.0.0.1 dev eth0'), 1_000);
  seen.event('r1', 'network.address.changed', address('10.0.0.1/24'), 1_000);
  seen.event('r2', 'network.address.changed', address('10.0.0.1/24'), 2_000);
  assert.deepEqual(edgesOf(seen), []);
  seen.event('r1', 'network.address.changed', address('10.0.0.1/24', 'deleted'), 3_000);
  assert.deepEqual(edgesOf(seen), ['web1 > r2 routes 1']);
});

test('a route that goes shows no need, nor does the address that every machine has', () => {
  const seen = new SeenDependencies();
  seen.event('r1', 'network.address.changed', address('127.0.0.1/8'), 1_000);
  seen.event('web1', 'network.route.changed', route('via 127.0.0.1 dev lo'), 1_000);
  seen.event('r1', 'network.address.changed', address('10.0.0.1/24'), 1_000);
  seen.event('web1', 'network.route.changed', route('via 10.0.0.1 dev eth0', 'deleted'), 1_000);
  assert.deepEqual(edgesOf(seen), []);
});

test('of packets, the one that opens a connection tells who needs whom', () => {
  const seen = new SeenDependencies();
  seen.packet(packet('10.0.0.2', '10.0.0.3', ['SYN']), 1_000);
  seen.packet(packet('10.0.0.3', '10.0.0.2', ['SYN', 'ACK']), 1_001);
  seen.packet(packet('10.0.0.2', '10.0.0.3', ['ACK']), 1_002);
  const known = [
    ['10.0.0.2', 'web1'],
    ['10.0.0.3', 'db1'],
  ] as const;
  assert.deepEqual(edgesOf(seen, known), ['web1 > db1 packets 1']);
});

test('names without end cost a bounded memory, and what found no room is counted', () => {
  const seen = new SeenDependencies();
  for (let n = 0; n < 2_500; n += 1) seen.call('shop', `till-${n}`, n);
  assert.equal(seen.list([]).length + seen.dropped, 2_500);
  assert.equal(seen.dropped, 500);
});
