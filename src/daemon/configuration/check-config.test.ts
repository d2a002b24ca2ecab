import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkConfig, type ConfigReport } from './check-config.ts';

/** What `config check` says of a file with this text, which names its folder as DIR. */
function check(text: string): ConfigReport & { readonly folder: string } {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lg-check-'));
  try {
    fs.writeFileSync(join(folder, 'there.log'), '');
    const file = join(folder, 'lastgood.yaml');
    fs.writeFileSync(file, text.replaceAll('DIR', folder));
    return { ...checkConfig(file), folder };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('paths that are not there are told, and are no error', () => {
  const { ok, notes, folder } = check(`
sources:
  - { name: app, kind: file, paths: [DIR/there.log, DIR/gone.log, DIR/*.err, DIR/*.log] }
hosts: [{ name: far, socket: /run/far.sock }]
components:
  - { name: shop, state: [{ provider: files, paths: [DIR/etc] }] }
  - { name: edge, host: far, state: [{ provider: files, paths: [DIR/etc] }] }
`);
  assert.ok(ok);
  assert.deepEqual(notes, [
    `app: ${folder}/gone.log is not there; nothing is read of it until it is`,
    `app: nothing matches ${folder}/*.err; nothing is read of it until it is`,
    `shop/files: ${folder}/etc is not there; nothing of it can be captured`,
  ]);
});

test('where a section cannot be read, it is told that more may follow', () => {
  const { ok, notes } = check('compnents: []\n');
  assert.ok(!ok);
  assert.match(notes.join(), /^more may be found once this is mended/);
  assert.deepEqual(check('checkpoints: { soak: 10 }\n').notes, [], 'else all was judged');
});
