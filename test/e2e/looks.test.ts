import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';

import { openBrowser } from './browser.ts';
import { startSmallWorld } from './small-world.ts';

test('? lists the keys, and the keys lead to every page', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await list.getByText('Go to Checkpoints').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  assert.doesNotMatch(page.url(), /checkpoints/, 'nothing moves behind an open dialog');
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.getByRole('heading', { level: 1, name: 'Checkpoints' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByLabel('Text in the records').fill('gc?');
  assert.match(page.url(), /timeline/, 'letters of a search stay letters');
});

test('keys pan and zoom the timeline, and 0 follows what happens now', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByRole('listbox').waitFor();
  await page.keyboard.press('+');
  await page.waitForURL(/from=/);
  const narrow = spanOf(page.url());
  assert.equal(narrow.to - narrow.from, 450_000, 'half of 15 minutes');
  await page.keyboard.press('[');
  await page.waitForURL((url) => spanOf(String(url)).from < narrow.from);
  const earlier = spanOf(page.url());
  assert.equal(narrow.from - earlier.from, 225_000, 'half a screen earlier');
  await page.getByRole('button', { name: 'Wider' }).click();
  await page.waitForURL((url) => spanOf(String(url)).to - spanOf(String(url)).from === 900_000);
  await page.keyboard.press('0');
  await page.waitForURL((url) => !String(url).includes('from='));
});

function spanOf(url: string): { readonly from: number; readonly to: number } {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  return { from: Date.parse(query.get('from') ?? ''), to: Date.parse(query.get('to') ?? '') };
}

test('every lane can be read as a table', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await world.log(17, 'a failure to be counted');
  await page.getByRole('listbox').getByText('a failure to be counted').waitFor();
  await page.getByRole('button', { name: 'As a table' }).click();
  const table = page.getByRole('region', { name: 'Lanes as a table' });
  await table.getByRole('columnheader', { name: 'till' }).waitFor();
  await table.getByText('1 err').first().waitFor();
  await table
    .getByRole('link', { name: /checkpoint, / })
    .first()
    .waitFor();
});

test('a checkpoint and its row in the list fit on a phone, nothing scrolls sideways', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page({ phone: true });
  await world.signIn(page);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await fs.writeFile(world.configFile, '{\n  "currency": "CHF",\n  "broken": false\n}\n');
  await page.goto(`${world.url}/#/checkpoints`);
  await page.getByRole('button', { name: 'Good ones' }).click();
  const row = page.getByRole('row').filter({ hasText: 'good' }).last();
  const right = await row.evaluate((tr) => tr.getBoundingClientRect().right);
  assert.ok(right <= 390, `a row ends at ${right}`);
  await row.getByRole('link').first().click();
  await page.getByText('"currency": "CHF"').waitFor();
  await page.getByText('till/files', { exact: false }).first().waitFor();
  const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} px wide`);
});

test('a daemon that is gone is told, and what was known stays to be read', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await page.goto(`${world.url}/#/checkpoints`);
  await page.getByRole('row').nth(1).waitFor();
  await page.context().setOffline(true);
  await page.getByText('The daemon does not answer').first().waitFor();
  assert.ok((await page.getByRole('row').count()) > 1, 'the list is still there');
  await page.context().setOffline(false);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
});
