import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lgError } from '../../src/model/errors/lg-error.ts';
import type { RefusedConfirm } from '../../src/model/run/run.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

/** Who was refused with which code, as the run shows it. */
async function refusedOf(shop: CalmShop, run: string): Promise<readonly string[]> {
  const { refusedConfirms = [] } = await shop.see(run);
  return refusedConfirms.map(({ by, code }: RefusedConfirm) => `${by} ${code}`);
}

test('a confirm in vain stays with the run and its reason, also over a restart', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  await shop.wait(shop.daemon.confirm(run, token, '', 'ann'));
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.confirm(run, 'guess', nonce, 'eve'));
  const elsewhere = lgError('LG_ACCESS_DENIED', 'bob may not confirm on db');
  await shop.wait(shop.daemon.confirmRefused(run, 'bob', elsewhere));
  const early = [
    'ann LG_ROLLBACK_NOT_CONFIRMABLE',
    'eve LG_ROLLBACK_TOKEN_WRONG',
    'bob LG_ACCESS_DENIED',
  ];
  assert.deepEqual(await refusedOf(shop, run), early);
  assert.equal((await shop.see(run)).state, 'AWAITING_CONFIRM', 'and it goes on waiting');
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  assert.deepEqual(await refusedOf(shop, run), early);

  await shop.reach(run, 'REVERTED');
  const late = await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
  assert.equal(codeOf(late), 'LG_ROLLBACK_DECIDED');
  assert.deepEqual(await refusedOf(shop, run), [...early, 'ann LG_ROLLBACK_DECIDED']);
  const [last] = (await shop.see(run)).refusedConfirms?.slice(-1) ?? [];
  assert.match(last?.why ?? '', /is REVERTED/);
  assert.equal((await shop.see(run)).state, 'REVERTED');
});

test('who guesses tokens again and again does not fill the journal', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  for (let guess = 0; guess < 30; guess += 1) {
    await shop.wait(shop.daemon.confirm(run, `guess ${guess}`, nonce, 'eve'));
  }
  assert.equal((await refusedOf(shop, run)).length, 20);
  assert.equal(codeOf(await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'))), undefined);
});
