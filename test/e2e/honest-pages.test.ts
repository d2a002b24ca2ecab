import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';

import { openBrowser } from './browser.ts';
import { leaveUnreadable } from '../place/unreadable-run.ts';
import { startSmallWorld } from './small-world.ts';

test('pages say how consistent a checkpoint is, what it holds and what a plan loses', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await fs.writeFile(world.configFile, '{\n  "currency": "USD",\n  "broken": false\n}\n');
  await page.getByRole('link', { name: 'Checkpoints' }).first().click();
  await page.getByRole('cell', { name: 'L1 stable read' }).first().waitFor();
  await page.getByRole('link', { name: /^cp_/ }).last().click();
  await page.getByText(/every state was read before and after/).waitFor();
  await page.getByText(/^holds 1 state of /).waitFor();
  await page.getByRole('button', { name: 'Plan going back here' }).click();
  await page.getByRole('textbox').last().fill('wrong currency');
  await page.getByRole('button', { name: 'Show me the plan' }).click();
  await page.getByRole('heading', { name: 'What is lost of the present state' }).waitFor();
  await page.getByText(/1 item overwritten/).waitFor();
  await page.getByText(/Chosen because it was named/).waitFor();
  // Of a run that cannot be read nobody knows what it holds: it bars the plan until it is accepted.
  const run = 'run_00000000000dark0';
  await world.crash((data) => leaveUnreadable(data, process.env, run));
  const inTheWay = page.getByRole('region', { name: 'In the way' });
  await inTheWay.getByText(`${run} is NEEDS_OPERATOR and holds everything`).waitFor();
  assert.equal(await page.getByRole('button', { name: /Apply/ }).count(), 0);
  await page.getByRole('link', { name: 'Rollbacks' }).first().click();
  await page.getByRole('link', { name: 'run_0000' }).click();
  await page.getByText(/It may hold any state/).waitFor();
  await page.getByRole('button', { name: 'Accept it as it is' }).click();
  await page.getByRole('button', { name: 'Accept it as it is' }).waitFor({ state: 'detached' });
  await page.goBack();
  await page.goBack();
  await page.getByRole('button', { name: /Apply/ }).waitFor();
});
