import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { lockFolder } from '../../src/daemon/folder-lock.ts';
import { readingIdleFolder } from '../../src/daemon/offline/in-idle-folder.ts';
import { listAt, textAt } from '../place/document.ts';
import { leaveUnreadable } from '../place/unreadable-run.ts';
import { makePlace, type Place } from '../place/place.ts';

const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
checkpoints: { schedule: false, soak: 1h }
`;

test('whoever noted no id finds and exports a checkpoint with the daemon dead', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('shop/a.conf', 'good\n');
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const id = textAt(taken.json[0], 'id');
  const alive = await place.run(['restore']);
  assert.match(alive.err, /^error LG_RUNTIME_DAEMON_RUNNING: /m);
  await daemon.kill();

  const offered = await place.run(['restore']);
  assert.equal(offered.code, 0, offered.err);
  assert.match(offered.out, new RegExp(`^${id} +\\w+ +\\S+T\\S+ +shop +manual$`, 'm'));
  assert.match(offered.out, new RegExp(`lastgood restore ${id} --data \\S+ --dry-run$`, 'm'));

  for (const words of [['list'], ['show', id], ['explain', id]]) {
    const read = await place.run(['checkpoint', ...words, '--json']);
    assert.equal(read.code, 0, read.err);
    assert.match(JSON.stringify(read.json), new RegExp(id));
    assert.match(read.err, /no daemon answers; read without it from /);
  }
  // Whoever reads keeps no daemon from starting.
  const { data: dataRoot, env } = place;
  const held = await readingIdleFolder({ dataRoot, env }, async ({ folder, stores }) => {
    const lock = await lockFolder(folder.lock, 0);
    if (lock.ok) lock.value.release();
    await stores.vault.close();
    await stores.control.close();
    return lock;
  });
  assert.ok(held.ok, 'the folder can be locked meanwhile');
  const dir = place.path('plain');
  const exported = await place.run(['checkpoint', 'export', id, dir, '--json']);
  assert.equal(exported.code, 0, exported.err);
  assert.equal(textAt(exported.json[0], 'checkpoint'), id);
  const path = `${dir}/shop-files/root${place.path('shop/a.conf')}`;
  assert.equal(await readFile(path, 'utf8'), 'good\n');

  const restored = await place.run(['checkpoint', 'list', '--json']);
  assert.equal(listAt(restored.json[0], 'checkpoints').length, 1);
  const unknown = await place.run(['rollback', 'status', 'run_nosuch']);
  assert.match(unknown.err, /^error LG_ROLLBACK_RUN_UNKNOWN: /m);
  await leaveUnreadable(place.data, place.env, 'run_00dark');
  const runs = await place.run(['rollback', 'list']);
  assert.equal(runs.code, 0, runs.err);
  assert.match(runs.err, /the journal of run run_00dark cannot be read/);
  const told = await place.run(['rollback', 'list', '--json']);
  assert.deepEqual(listAt(told.json[0], 'unread'), ['run_00dark']);
  // A daemon that was named by its address is not replaced by a directory.
  const named = await place.run([
    'checkpoint',
    'list',
    '--url',
    `http://127.0.0.1:${place.uiPort}`,
  ]);
  assert.match(named.err, /^error LG_API_DAEMON_UNREACHABLE: .*`lastgood restore`/m);
});
