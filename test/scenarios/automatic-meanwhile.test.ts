import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, unwrap } from '../../src/base/result.ts';
import { tellOfEndedRuns } from '../../src/daemon/after-run.ts';
import { endTeller } from '../../src/daemon/automatic/tell-ended.ts';
import { AutomaticShop } from './automatic-shop.ts';

/** What becomes of an announcement when the world changes under it. */
const MEANWHILE: readonly (readonly [string, (shop: AutomaticShop) => unknown, RegExp])[] = [
  [
    'a configuration that does not want it any more',
    (shop) => (shop.components = []),
    /^rollback\.automatic is false/,
  ],
  [
    'a configuration that names other components',
    (shop) => (shop.components = ['c1']),
    /^c0 is not among rollback\.automatic\.components/,
  ],
  ['trouble that is over', (shop) => shop.clear(), /^no trigger of the incident fires any more/],
  ['a wall clock set forward', (shop) => shop.shop.clock.jump(90_000), /^the clock was set/],
  ['a wall clock set back', (shop) => shop.shop.clock.jump(-90_000), /^the clock was set/],
];

/** What only a look at the target and its host tells: it is asked again when the delay is over. */
const AT_THE_END: typeof MEANWHILE = [
  ['a target that lost its trust', (shop) => (shop.status = 'suspect'), /cp_good is suspect/],
  ['a host that is gone', (shop) => (shop.away = 'no host runner'), /no host runner/],
];

for (const [name, change, words] of [...MEANWHILE, ...AT_THE_END]) {
  test(`${name} calls it off, and nothing is changed`, async (t) => {
    const shop = new AutomaticShop(t);
    await shop.announce();
    await change(shop);
    await shop.due();
    assert.match(shop.seen().automatic?.calledOff?.why ?? '', words);
    assert.equal(await shop.runs(), 0);
    assert.equal(shop.shop.where(), 'before');
    const off = shop.said.filter(({ title }) => /was called off/.test(title));
    const [announced] = shop.said;
    assert.deepEqual(
      off.map(({ thread }) => thread),
      [announced?.thread],
      'told once, where it was announced',
    );
  });
}

for (const [name, change, words] of MEANWHILE.slice(0, 3)) {
  test(`${name} in the last moment calls it off, too`, async (t) => {
    const shop = new AutomaticShop(t);
    await shop.announce();
    shop.meanwhile = async () => change(shop);
    await shop.due();
    assert.match(shop.seen().automatic?.calledOff?.why ?? 'it was not', words);
    assert.equal(await shop.runs(), 0);
  });
}

test('of two incidents with one cause only the first lets something begin', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  const first = shop.incident;
  await shop.open('c1');
  await shop.look();
  assert.notEqual(shop.incident, first);
  assert.equal(shop.seen().automatic?.announced, undefined, 'one at a time');
  await shop.due();
  assert.equal(await shop.runs(), 1);
  await shop.due();
  assert.equal(shop.seen().automatic?.announced, undefined);
  assert.match(shop.seen().automatic?.reasons.join('\n') ?? '', /run_\w+ is|cool-down/);
  assert.equal(await shop.runs(), 1);
});

test('cool-down and limit outlive a restart, and a wall clock that is set forward', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  await shop.due();
  const [run] = unwrap(await shop.shop.daemon.list());
  await shop.shop.reach(run?.run ?? '', 'REVERTED');
  shop.shop.daemon.stop();
  await shop.boot();
  shop.shop.clock.jump(30 * 86_400_000);
  await shop.open('c1');
  await shop.look();
  const { announced, reasons } = shop.seen().automatic ?? {};
  assert.equal(announced, undefined);
  assert.match(reasons?.join('\n') ?? '', /c0 went back by itself for inc_\w+, its cool-down/);
});

test('killed as it begins, it ends with nothing changed, and people hear that once', async (t) => {
  const shop = new AutomaticShop(t);
  await shop.announce();
  await shop.due();
  const [run] = unwrap(await shop.shop.daemon.list());
  shop.shop.daemon.stop();
  await shop.boot();
  const { daemon } = shop.shop;
  unwrap(await shop.shop.wait(daemon.recoverAll()));
  await shop.shop.reach(run?.run ?? '', 'ABORTED');
  assert.deepEqual(shop.seen().runs, [], 'the incident has not heard of it');
  const said = shop.said.length;
  const catalogue = { facts: () => [], list: () => [], add: async () => ok(undefined) };
  const clock = shop.shop.clock.forProcess(() => true);
  const core = {
    clock,
    incidents: shop.incidents,
    rollbacks: daemon,
    checkpoints: { catalogue, fingerprints: async () => ({}) },
  };
  const tellEnd = endTeller((notice) => void shop.said.push(notice));
  await tellOfEndedRuns(core, tellEnd);
  await tellOfEndedRuns(core, tellEnd);
  assert.deepEqual(
    shop.said.slice(said).map(({ title, thread }) => [title, thread]),
    [[`Rollback ${run?.run}, begun by itself, ended ABORTED`, shop.incident]],
  );
  assert.deepEqual(shop.seen().runs, [run?.run]);
  await shop.look();
  assert.equal(shop.seen().automatic?.calledOff, undefined, 'it did begin');
  assert.equal(await shop.runs(), 1, 'and there is no second one');
  assert.equal(shop.shop.where(), 'before');
});
