import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openBrowser } from './browser.ts';
import { startSmallWorld } from './small-world.ts';

test('what would lose data waits in the browser for somebody who did not ask for it', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-e2e-drawer-'));
  t.after(() => fs.rm(folder, { recursive: true }));
  const drawer = join(folder, 'drawer');
  await fs.writeFile(drawer, 'ten\n');
  await using world = await startSmallWorld(`  - name: drawer
    state:
      - provider: command
        capture: [cat, ${drawer}]
        apply: [sh, -c, 'cat > "$0.new" && mv "$0.new" "$0"', ${drawer}]
        disruption: data-loss
`);
  const { page: ann } = await browser.page();
  await world.signIn(ann, await world.token('approver', 'ann'));
  await ann.getByText(/last good checkpoint \d\d:\d\d/).waitFor();
  await fs.writeFile(drawer, 'ten and two\n');
  await ann.getByRole('link', { name: 'Checkpoints', exact: true }).click();
  await ann.getByRole('link', { name: /^cp_/ }).last().click();
  await ann.getByRole('button', { name: 'Plan going back here' }).click();
  await ann.getByRole('dialog').getByRole('textbox').fill('the drawer is wrong');
  await ann.getByRole('button', { name: 'Show me the plan' }).click();
  await ann.getByRole('button', { name: /Ask for approval of/ }).click();
  await ann.getByText('You asked for it, so somebody else has to approve it.').waitFor();
  assert.equal(await ann.getByRole('button', { name: /Approve/ }).count(), 0);

  const { page: bob } = await browser.page();
  await world.signIn(bob, await world.token('approver', 'bob'));
  await bob.getByRole('link', { name: /Rollback waits for a second person/ }).click();
  await bob.getByText(/drawer\/command holds data/).waitFor();
  await bob.getByText('Asked for by ann').waitFor();
  assert.equal(await fs.readFile(drawer, 'utf8'), 'ten and two\n');
  await bob.getByRole('button', { name: 'Approve, let it go on' }).click();

  await ann.getByRole('button', { name: 'Confirm, keep it' }).click();
  await ann.getByRole('heading', { name: 'The new state is kept' }).waitFor();
  await ann.getByRole('definition').getByText('bob').waitFor();
  assert.equal(await fs.readFile(drawer, 'utf8'), 'ten\n');
});
