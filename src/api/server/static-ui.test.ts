import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fastify from 'fastify';
import { addStaticUi } from './static-ui.ts';

test('a page asked for without its # is shown all the same', async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lg-static-'));
  const app = fastify();
  try {
    fs.writeFileSync(join(folder, 'index.html'), 'the page');
    await addStaticUi(app, folder);
    for (const [asked, page] of [
      ['/incidents', './#/incidents'],
      ['/incidents/inc_1?x=y', '../#/incidents/inc_1?x=y'],
      ['/rollbacks', './#/rollbacks'],
    ] as const) {
      const answer = await app.inject(asked);
      assert.deepEqual([answer.statusCode, answer.headers.location], [302, page]);
    }
    for (const asked of ['/', '/anything']) {
      const answer = await app.inject(asked);
      assert.deepEqual([answer.statusCode, answer.body], [200, 'the page'], asked);
    }
  } finally {
    await app.close();
    fs.rmSync(folder, { recursive: true });
  }
});
