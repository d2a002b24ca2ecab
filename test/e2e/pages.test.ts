import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { openBrowser } from './browser.ts';
import { builtUi } from './built-ui.ts';
import { startSmallWorld } from './small-world.ts';

/** The first load over a hotel's network at night, compressed. */
const FIRST_LOAD_BYTES_MAX = 150_000;

const PAGES = [
  ['#/timeline', 'Timeline'],
  ['#/incidents', 'Incidents'],
  ['#/checkpoints', 'Checkpoints'],
  ['#/runs', 'Rollbacks'],
  ['#/sources', 'Sources'],
] as const;

test('every page shows what the daemon says, in light, in the dark and on a phone', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const first = await browser.page();
  await world.signIn(first.page);
  for (const look of [{}, { dark: true }, { phone: true }]) {
    const { page, faults } = await browser.page({ ...look, beside: first.page });
    for (const [address, title] of PAGES) {
      await page.goto(`${world.url}/${address}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      assert.match(await page.title(), new RegExp(`^${title} · `), 'tabs are told apart');
      const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
      const window = page.viewportSize()?.width ?? 0;
      assert.ok(wide <= window, `${address} is ${wide} px wide in ${window}`);
      assert.equal(await page.getByRole('alert').count(), 0, `${address} shows an error`);
    }
    assert.deepEqual(faults, [], JSON.stringify(look));
  }
});

test('a checkpoint becomes good and the header says so without a reload', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
});

test('the one-time link signs in, and signing out ends it', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await page.goto(await world.signInUrl());
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.getByLabel('access token').fill('lg_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('LG_ACCESS_TOKEN_UNKNOWN').waitFor();
});

test('a page whose daemon was started again goes on by itself', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText('sale', { exact: false }).first().waitFor();
  await world.crash();
  const asked = page.waitForResponse((response) => response.url().endsWith('/status'));
  assert.equal((await asked).status(), 200);
  assert.equal(await page.getByRole('button', { name: 'Sign in' }).count(), 0);
});

test('a page that is signed in no longer asks to sign in, and asks nothing else', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText('sale', { exact: false }).first().waitFor();
  let refused = 0;
  page.on('response', (response) => (refused += response.status() === 401 ? 1 : 0));
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const before = refused;
  await page.waitForTimeout(6_000);
  assert.ok(before <= 12, `${before} calls were refused`);
  assert.equal(refused, before, 'nothing is asked while nobody is signed in');
  await world.signIn(page);
  await page.getByText('sale', { exact: false }).first().waitFor();
});

test('an address that names nothing shows the code and the way on', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.goto(`${world.url}/#/checkpoints/cp_000000000000000000000000`);
  await page.getByText('LG_CHECKPOINT_UNKNOWN').first().waitFor();
  await page.goto(`${world.url}/#/nowhere`);
  await page.getByRole('link', { name: 'timeline' }).first().click();
  await page.getByRole('listbox').waitFor();
});

test('the first load is small and holds nothing inline', async () => {
  const folder = builtUi();
  const page = await fs.readFile(join(folder, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]*src=)/);
  const assets = await fs.readdir(join(folder, 'assets'));
  let bytes = gzipSync(page).length;
  for (const name of assets)
    bytes += gzipSync(await fs.readFile(join(folder, 'assets', name))).length;
  assert.ok(bytes < FIRST_LOAD_BYTES_MAX, `${bytes} bytes`);
});
