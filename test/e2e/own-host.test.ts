import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { freePorts } from '../place/free-ports.ts';
import { openBrowser } from './browser.ts';
import { builtUi } from './built-ui.ts';
import { startDaemon } from './daemon.ts';

test('a host without a configuration is compared, and nobody is offered a way back', async (t) => {
  await using browser = await openBrowser(t);
  if (browser === undefined) return;
  builtUi();
  await using stack = new AsyncDisposableStack();
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-e2e-'));
  stack.defer(() => fs.rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'lastgood.yaml');
  const [ui = 0] = await freePorts(1);
  await fs.writeFile(config, yaml(ui));
  const daemon = await startDaemon(config, join(folder, 'data'));
  stack.defer(() => daemon.stop());
  const { page } = await browser.page();
  await page.goto(await daemon.signInUrl);
  await page.getByText(/comparing with \d\d:\d\d; nothing here can be rolled back yet/).waitFor();
  await page.getByRole('link', { name: 'Checkpoints' }).click();
  const row = page.getByRole('row').filter({ hasText: 'compare only' });
  await row.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: /Checkpoint/ }).waitFor();
  await page.getByText(/kernel and boot \(\d+\)/).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Plan/ }).count(), 0);
});

function yaml(ui: number): string {
  return `version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false,
  syslogTcp: false }
`;
}
