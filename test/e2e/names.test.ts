import { test } from 'node:test';
import { openBrowser } from './browser.ts';
import { startSmallWorld } from './small-world.ts';

test('a name that is in no inventory is shown with the line that mends it', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  await using world = await startSmallWorld();
  await world.log(9, 'who am I', { service: 'stranger' });
  const { page } = await browser.page();
  await world.signIn(page);
  await page.getByRole('link', { name: 'Sources' }).click();
  const names = page.getByRole('list', { name: 'Unresolved names' });
  await names.getByText('stranger', { exact: true }).waitFor();
  await names.getByText(/add "- name: stranger" to components/).waitFor();
  await page.getByRole('heading', { name: 'Dependencies' }).waitFor();
});
