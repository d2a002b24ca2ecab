import * as fs from 'node:fs/promises';
import { test } from 'node:test';

import { openBrowser } from './browser.ts';
import { startSmallWorld } from './small-world.ts';

test('a suspect whose clock nobody knows is not said to come before or after', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await fs.writeFile(world.configFile, '{\n  "currency": "EUR",\n  "broken": true\n}\n');
  await page.getByRole('link', { name: /Incident open since/ }).click();
  for (let sent = 0; sent < 20; sent += 1) {
    await world.log(17, 'the shelf is empty', { service: 'shelf' });
  }
  const shelf = page.getByRole('list', { name: 'Suspects' }).getByRole('listitem');
  const suspect = shelf.filter({ has: page.getByRole('heading', { name: /^shelf/ }) });
  await suspect.getByTitle(/nothing bounds the clock of shelf/).waitFor();
  await suspect.getByText('cannot tell', { exact: false }).first().waitFor();
});
