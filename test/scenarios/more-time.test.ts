import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

/** A shop whose states have timers of their own. */
function timedShop(): CalmShop {
  const shop = new CalmShop();
  const traits = { atomic: 'all', idempotent: true, confirm: 'native' } as const;
  for (const state of shop.hosts.states) Object.assign(state, { traits });
  return shop;
}

const minutesOf = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

test('given more time, a run is kept after the deadline it had, also over a restart', async () => {
  const shop = timedShop();
  const { run, token } = await shop.start();
  const { nonce = '', deadline: first = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.extend(run, { token, nonce, seconds: 1_200 }, 'bob'));
  const longer = await shop.see(run);
  assert.equal(minutesOf(first, longer.deadline ?? ''), 20);
  assert.deepEqual(
    longer.extensions?.map(({ by, until }) => [by, until]),
    [['bob', longer.deadline]],
  );
  const told = shop.notices.find(({ title }) => title.includes('given more time'));
  assert.match(told?.text ?? '', /^By bob: /);
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  const { now } = shop.clock.forProcess(() => true);
  const isPast = (): boolean => Number(now() / 1_000_000n) > Date.parse(first) + 300_000;
  await shop.until(isPast);
  assert.equal(shop.where(), 'target', 'no timer fired when it would have');
  const again = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.confirm(run, token, again.nonce ?? '', 'ann'));
  await shop.reach(run, 'COMMITTED');
  assert.equal(shop.where(), 'target');
});

test('more time takes the token, and ends an hour after the first change', async () => {
  const shop = timedShop();
  const { run, token } = await shop.start();
  const early = await shop.wait(shop.daemon.extend(run, { token, seconds: 60 }, 'ann'));
  assert.equal(codeOf(early), 'LG_ROLLBACK_NOT_CONFIRMABLE');
  const { deadline } = await shop.reach(run, 'AWAITING_CONFIRM');
  const ask = async (time: { token?: string; nonce?: string; seconds: number }) =>
    codeOf(await shop.wait(shop.daemon.extend(run, time, 'ann')));
  assert.equal(await ask({ token: 'guess', seconds: 60 }), 'LG_ROLLBACK_TOKEN_WRONG');
  assert.equal(await ask({ seconds: 60 }), 'LG_ROLLBACK_TOKEN_WRONG');
  assert.equal(await ask({ token, nonce: 'old', seconds: 60 }), 'LG_ROLLBACK_TOKEN_WRONG');
  assert.equal(await ask({ token, seconds: 3_001 }), 'LG_ROLLBACK_NOT_EXTENDED');
  assert.equal((await shop.see(run)).deadline, deadline);
  assert.equal(await ask({ token, seconds: 3_000 }), undefined);
  assert.equal(await ask({ token, seconds: 1 }), 'LG_ROLLBACK_NOT_EXTENDED');
});

test('one timer that cannot wait longer is enough: the deadline stays', async () => {
  const shop = timedShop();
  shop.change = ({ deadMan }) => ({
    deadMan: {
      ...deadMan,
      extend: async () => err(lgError('LG_PROVIDER_TIMER', 'its timer cannot be moved')),
    },
  });
  shop.boot();
  const { run, token } = await shop.start();
  const { deadline } = await shop.reach(run, 'AWAITING_CONFIRM');
  const asked = await shop.wait(shop.daemon.extend(run, { token, seconds: 600 }, 'ann'));
  assert.equal(codeOf(asked), 'LG_ROLLBACK_NOT_EXTENDED');
  assert.equal((await shop.see(run)).deadline, deadline);
  const { endedAt = '', decision } = await shop.reach(run, 'REVERTED');
  assert.equal(decision, 'EXPIRE');
  assert.ok(minutesOf(deadline ?? '', endedAt) < 2, `${deadline} ${endedAt}`);
});

test('killed before the later deadline was its own, a run goes back at the first', async () => {
  const shop = timedShop();
  const { run, token } = await shop.start();
  const { deadline = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  void shop.daemon.extend(run, { token, seconds: 1_800 }, 'ann');
  const kinds = (): string => JSON.stringify(shop.store.entries(`run/${run}`));
  await shop.until(() => kinds().includes('"kind":"extending"'));
  shop.daemon.stop();
  assert.ok(!kinds().includes('"kind":"extended"'));
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  const { endedAt = '', decision } = await shop.reach(run, 'REVERTED');
  assert.equal(decision, 'EXPIRE');
  const afterMin = minutesOf(deadline, endedAt);
  assert.ok(afterMin >= 0 && afterMin < 2, `${deadline} ${endedAt}`);
  assert.equal(shop.where(), 'before');
});

test('what a run took, or ran out of time with, is known to the next plan', async () => {
  const shop = new CalmShop();
  const [{ component } = { component: '' }] = shop.hosts.states;
  assert.equal(await shop.daemon.timeTakenBy([component]), undefined);
  const { run, token } = await shop.start();
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
  await shop.reach(run, 'COMMITTED');
  const { history = [] } = await shop.see(run);
  const at = (state: string): number =>
    Date.parse(history.find((one) => one.state === state)?.at ?? '');
  const took = (await shop.daemon.timeTakenBy([component])) ?? 0;
  const seen = at('AWAITING_CONFIRM') - at('APPLYING');
  assert.ok(took >= seen && took <= seen + 5_000, `${took} ${seen}`);
  assert.equal(await shop.daemon.timeTakenBy(['another']), undefined);
});
