import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { unwrap } from '../../src/base/result.ts';
import { AutomaticShop } from './automatic-shop.ts';

test('what is announced begins when the delay is over and nobody has said no', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  await shop.look();
  assert.equal(await shop.runs(), 0, 'not before');
  await shop.due();
  assert.equal(await shop.runs(), 1, shop.seen().automatic?.calledOff?.why);
});

/** Every way to say no. */
const NO: readonly (readonly [string, (shop: AutomaticShop) => Promise<unknown>, RegExp])[] = [
  [
    'an acknowledgement',
    async (shop) => unwrap(await shop.incidents.acknowledge(shop.incident, 'ann')),
    /^ann looks after the incident$/,
  ],
  [
    'a hold',
    async (shop) => {
      shop.on = { on: true, at: '', by: 'ann', reason: 'hands off' };
    },
    /on hold: hands off$/,
  ],
  [
    'a freeze',
    async (shop) => {
      shop.frozen = 'black-friday';
    },
    /^it is frozen: black-friday/,
  ],
  ['the kill switch', async (shop) => writeFileSync(shop.off, 'racks\n'), /switched off: racks$/],
];

for (const [name, sayNo, words] of NO) {
  test(`${name} during the delay calls it off, for good`, async (t) => {
    const shop = new AutomaticShop(t);
    await shop.announce();
    await sayNo(shop);
    await shop.look();
    assert.match(shop.seen().automatic?.calledOff?.why ?? '', words);
    await shop.due();
    assert.equal(await shop.runs(), 0);
    assert.equal(shop.shop.where(), 'before');
  });

  test(`${name} while the targets answer at its end is heard`, async (t) => {
    const shop = new AutomaticShop(t);
    await shop.announce();
    shop.meanwhile = () => sayNo(shop);
    await shop.due();
    assert.match(shop.seen().automatic?.calledOff?.why ?? '', words);
    assert.equal(shop.seen().automatic?.begunAt, undefined);
    assert.equal(await shop.runs(), 0);
  });
}

test('what a daemon that died had announced is called off and keeps nobody waiting', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  await shop.boot();
  shop.shop.store.faults = { crash: 0, full: 1, lostAnswer: 0 };
  await shop.look();
  await shop.look();
  assert.equal(shop.seen().automatic?.calledOff, undefined, 'the disk was full');
  const told = shop.said.filter(({ title }) => /called off/.test(title));
  assert.equal(told.length, 1, 'people are told once');
  shop.shop.store.faults = { crash: 0, full: 0, lostAnswer: 0 };
  await shop.look();
  assert.match(shop.seen().automatic?.calledOff?.why ?? '', /stopped during the delay/);
  await shop.due();
  assert.equal(await shop.runs(), 0);
});

test('a run that cannot be read counts against it', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  const store = shop.shop.store.forProcess(() => true);
  unwrap(await store.append('run/run_0', 0, [{ kind: 'from another version' }]));
  await shop.look();
  assert.match(shop.seen().automatic?.calledOff?.why ?? '', /what ran before cannot be read/);
});

test('one that began and whose run cannot be read is not said to have never begun', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  await shop.due();
  const [run] = unwrap(await shop.shop.daemon.list());
  const store = shop.shop.store.forProcess(() => true);
  const stream = `run/${run?.run ?? ''}`;
  shop.shop.daemon.stop();
  unwrap(await store.drop(stream));
  unwrap(await store.append(stream, 0, [{ kind: 'from another version' }]));
  await shop.boot();
  await shop.look();
  assert.ok(shop.seen().automatic?.begunAt !== undefined);
  assert.equal(shop.seen().automatic?.calledOff, undefined);
  unwrap(await store.drop(stream));
  await shop.boot();
  await shop.look();
  assert.match(shop.seen().automatic?.calledOff?.why ?? '', /before the run began/);
});

test('why none is announced says as of when', async (t) => {
  const shop = new AutomaticShop(t);
  writeFileSync(shop.off, 'racks\n');
  await shop.open();
  await shop.look();
  const { reasons, asOf } = shop.seen().automatic ?? {};
  assert.deepEqual(reasons, ['rollbacks by itself are switched off: racks']);
  assert.match(asOf ?? '', /^2026-01-01T00:00:/);
});
