import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from './browser.ts';
import { startSmallWorld } from './small-world.ts';

test('what services say is seen on the timeline, and a link shows it to others', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page, faults } = await browser.page();
  // Slower than the page moves on: what it asked for is waited for all the same.
  const slow = page.waitForResponse(/timeline\?/);
  await page.route(/timeline\?/, (route) => setTimeout(() => void route.continue(), 3_500));
  await world.signIn(page);
  await slow;
  await page.unroute(/timeline\?/);
  // The question of who this is was answered with 401 before; that one complaint is right.
  const before = faults.length;

  const traceId = '5b8efff798038103d269b633813fc60c';
  await world.log(17, 'a very particular failure', { traceId });
  await world.log(9, 'the same request went on', { traceId, service: 'bank' });
  const rows = page.getByRole('listbox').getByRole('option');
  const particular = rows.filter({ hasText: 'a very particular failure' });
  await particular.waitFor();

  await page.getByLabel('Text in the records').fill('particular');
  await rows.nth(1).waitFor({ state: 'detached' });
  assert.match(page.url(), /text=particular/);

  const other = await browser.page({ beside: page });
  await other.page.goto(page.url());
  const theirs = other.page.getByRole('listbox').getByRole('option');
  await theirs.filter({ hasText: 'a very particular failure' }).waitFor();
  assert.equal(await theirs.count(), 1);

  await particular.click();
  const details = page.getByRole('complementary', { name: 'Record' });
  await details.getByText(traceId).waitFor();
  await details.getByRole('button', { name: 'Its whole trace' }).click();
  await rows.filter({ hasText: 'the same request went on' }).waitFor();
  assert.equal(await rows.count(), 2, 'the trace and nothing else');
  // Nothing bounds the clock of a bank that only sends logs.
  const order = particular.getByTitle(/cannot tell whether this or the one above came first/);
  assert.match((await order.getAttribute('title')) ?? '', /nothing bounds the clock of .*bank/);
  await page.getByText(/^~ cannot tell which came first$/).waitFor();

  await page.goBack();
  await rows.nth(1).waitFor({ state: 'detached' });
  await particular.waitFor();
  assert.deepEqual(faults.slice(before), []);
  assert.deepEqual(other.faults, []);
});

test('the records can be walked through with the keyboard alone', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  for (const number of [1, 2, 3]) await world.log(9, `step ${number} of three`);
  await page.keyboard.press('/');
  await page.keyboard.type('of three');
  const rows = page.getByRole('listbox').getByRole('option');
  // Only the filter leaves these three: the daemon tells of other things meanwhile.
  await page.waitForURL(/three/);
  for (const [place, number] of [3, 2, 1].entries()) {
    await rows.nth(place).getByText(`step ${number} of three`).waitFor();
  }
  await rows.nth(3).waitFor({ state: 'detached' });
  await page.getByRole('listbox').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Record' });
  await details.getByText('step 2 of three').waitFor();
  await page.keyboard.press('ArrowDown');
  await details.getByText('step 1 of three').waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
});
