import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../src/base/result.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

test('without a token only a run that began by itself is confirmed, by somebody', async () => {
  const shop = new CalmShop();
  const asked = await shop.start();
  const { nonce: first = '' } = await shop.reach(asked.run, 'AWAITING_CONFIRM');
  const without = await shop.wait(shop.daemon.confirm(asked.run, undefined, first, 'ann'));
  assert.equal(codeOf(without), 'LG_ROLLBACK_TOKEN_WRONG');
  await shop.wait(shop.daemon.cancel(asked.run, 'ann'));
  await shop.reach(asked.run, 'REVERTED');

  const { run } = await shop.start({ ...shop.plan(), id: 'pln_2' }, { by: 'automatic' });
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const { daemon } = shop;
  const itself = await shop.wait(daemon.confirm(run, undefined, nonce, 'automatic'));
  assert.equal(codeOf(itself), 'LG_ROLLBACK_TOKEN_WRONG', 'it is not the other principal');
  const guessed = await shop.wait(daemon.confirm(run, 'guess', nonce, 'eve'));
  assert.equal(codeOf(guessed), 'LG_ROLLBACK_TOKEN_WRONG', 'a token that is given counts');
  assert.equal(codeOf(await shop.wait(daemon.confirm(run, undefined, nonce, 'bob'))), undefined);
  const end = await shop.reach(run, 'COMMITTED');
  assert.equal(end.why, 'confirmed by bob');
});

test('a run that began by itself can be confirmed after a restart, with a look at it', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start(shop.plan(), { by: 'automatic' });
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.daemon.stop();
  const daemon = shop.boot();
  unwrap(await shop.wait(daemon.recoverAll()));
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const confirm = async (shown: string): Promise<string | undefined> =>
    codeOf(await shop.wait(daemon.confirm(run, undefined, shown, 'ann')));
  // Until it is fenced anew it is not ours to decide.
  await shop.until(async () => (await confirm('')) !== 'LG_ROLLBACK_NOT_CONFIRMABLE');
  assert.equal(await confirm(''), 'LG_ROLLBACK_TOKEN_WRONG', 'the nonce proves the look');
  assert.equal(await confirm(nonce), undefined);
  await shop.reach(run, 'COMMITTED');
  assert.equal(shop.where(), 'target');
});

test('what began by itself and is healed when P is taken ends with nothing changed', async () => {
  const shop = new CalmShop();
  const goals = [{ check: 'errors', component: 'c0' }];
  shop.change = () => ({
    sample: async (checks) => checks.map((one) => ({ ...one, color: 'green', seen: 'quiet' })),
  });
  shop.boot();
  const own = await shop.start(shop.plan({ goals }), { by: 'automatic' });
  const end = await shop.reach(own.run, 'ABORTED');
  assert.equal(end.why, 'no goal is red any more: there is nothing to heal');
  assert.equal(shop.where(), 'before');
  const asked = await shop.start({ ...shop.plan({ goals }), id: 'pln_2' });
  await shop.reach(asked.run, 'AWAITING_CONFIRM');
});
