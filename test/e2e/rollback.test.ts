import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';

import { openBrowser } from './browser.ts';
import { startSmallWorld, type SmallWorld } from './small-world.ts';

/** Breaks the service the way people do: by a change of its configuration. */
async function breakTill(world: SmallWorld): Promise<void> {
  await fs.writeFile(world.configFile, '{\n  "currency": "EUR",\n  "broken": true\n}\n');
}

/** From a broken service to a plan on the screen, as somebody on call would go. */
async function planFromIncident(world: SmallWorld, page: Page): Promise<void> {
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await breakTill(world);
  await page.getByRole('link', { name: /Incident open since/ }).click();
  await page.getByRole('heading', { name: 'A rollback would help', exact: true }).waitFor();
  const suspects = page.getByRole('list', { name: 'Suspects' });
  await suspects.getByText('till.json').first().waitFor();
  await page.getByRole('button', { name: 'Plan rollback' }).click();
  await page.getByRole('button', { name: 'Show me the plan' }).click();
  await page.getByText('"broken": false').waitFor();
}

test('a bad change is found, rolled back and confirmed, and the service is well', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await planFromIncident(world, page);
  await page.getByRole('button', { name: 'Apply one step' }).click();
  await page.getByRole('timer').waitFor();
  assert.match(await fs.readFile(world.configFile, 'utf8'), /"broken": false/);
  const checks = page.getByRole('region', { name: 'Checks now' });
  await checks.getByText('goal: it must turn green').first().waitFor();
  await page.getByText(/as the checkpoint wants it, read at \d\d:\d\d/).waitFor();
  await page.goBack();
  await page.getByText('This plan is being carried out.').waitFor();
  assert.equal(await page.getByRole('button', { name: /Apply/ }).count(), 0);
  await page.goBack();
  const underWay = page.getByRole('link', { name: 'A rollback is under way' });
  await underWay.waitFor();
  await page.getByRole('button', { name: 'Plan rollback' }).waitFor();
  await underWay.click();
  await page.getByRole('button', { name: 'Confirm, keep it' }).click();
  await page.getByRole('heading', { name: 'The new state is kept' }).waitFor();
  await page
    .getByRole('region', { name: 'Items' })
    .getByText(/^1 changed/)
    .waitFor();
  assert.match(await fs.readFile(world.configFile, 'utf8'), /"broken": false/);
  await page.getByRole('button', { name: 'Undo this rollback' }).waitFor();
});

test('cancel on a phone brings back exactly what was there before', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page({ phone: true });
  await world.signIn(page);
  await planFromIncident(world, page);
  const broken = await fs.readFile(world.configFile, 'utf8');
  await page.getByRole('button', { name: 'Apply one step' }).click();
  await page.getByRole('timer').waitFor();
  await page.reload();
  const confirm = page.getByRole('button', { name: 'Confirm, keep it' });
  await confirm.waitFor();
  assert.equal(await confirm.isEnabled(), true, 'the token survives a reload of the tab');
  await page.getByLabel('How much more time').selectOption({ label: '5 min' });
  await page.getByRole('button', { name: 'More time' }).click();
  await page.getByText(/until \d\d:\d\d.*, by /).waitFor();
  // A minute is configured.
  await page
    .getByRole('timer')
    .getByText(/^[56]:\d\d$/)
    .waitFor();
  // Somebody adds a file while the run waits: told before anything is decided.
  const other = join(dirname(world.configFile), 'other.json');
  await fs.writeFile(other, '{}\n');
  await page
    .getByRole('alert')
    .getByText(/confirm keeps nothing/)
    .waitFor();
  await page.getByText(/changed by somebody else since: \S+other\.json/).waitFor();
  await page.getByRole('button', { name: 'Cancel, go back' }).click();
  await page.getByRole('heading', { name: 'It cannot go on alone' }).waitFor();
  const foreign = page.getByRole('region', { name: 'Changed by somebody else' });
  await foreign.getByText('other.json').waitFor();
  const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
  assert.ok(wide <= 390, `what is to be done by hand is ${wide} px wide on a phone`);
  await fs.rm(other);
  await page.getByRole('button', { name: 'Go back to before' }).click();
  await page.getByRole('heading', { name: 'Everything is as it was before' }).waitFor();
  assert.equal(await fs.readFile(world.configFile, 'utf8'), broken);
});
