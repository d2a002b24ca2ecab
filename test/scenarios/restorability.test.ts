import assert from 'node:assert/strict';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, textAt } from '../place/document.ts';
import { listenForNotices } from '../place/notices.ts';
import { makePlace } from '../place/place.ts';
import { until } from '../place/until.ts';

test('a checkpoint whose bytes rot is found without being asked for, and told', async (t) => {
  const hook = await listenForNotices(t);
  const place = await makePlace(t, {
    config: ({ path }) => `sources: []
components: [ { name: shop, state: [ { provider: files, paths: ["${path('shop')}"] } ] } ]
checkpoints: { schedule: false, soak: 1h, recheck: 500ms }
notify: [ { kind: webhook, url: "${hook.url}" } ]
`,
  });
  await place.write('shop/a.conf', 'good\n'.repeat(10_000));
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const id = textAt(taken.json[0], 'id');
  const status = async () => at((await place.api(`checkpoints/${id}`)).body, 'status');
  assert.equal(await status(), 'restorable');

  const vault = join(place.data, 'vault');
  for (const entry of await readdir(vault, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await truncate(join(entry.parentPath, entry.name), 10);
  }
  await until('it is unrestorable', status, (now) => now === 'unrestorable');
  const told = await until('somebody is told', async () =>
    hook.said.find((text) => text.includes(id)),
  );
  assert.match(told, /which was restorable, cannot be restored any more/);
});

test('what is configured otherwise than captured is unrestorable until it fits', async (t) => {
  const config = (folder: string): string => `sources: []
components: [ { name: shop, state: [ { provider: files, paths: ["${folder}"] } ] } ]
checkpoints: { schedule: false, soak: 1h, recheck: 500ms }
`;
  const place = await makePlace(t, { config: ({ path }) => config(path('shop')) });
  await place.write('shop/a.conf', 'good\n');
  await place.write('other/b.conf', 'good\n');
  const daemon = await place.up();
  const id = textAt((await place.run(['checkpoint', 'take', '--json'])).json[0], 'id');
  const reason = async () => at((await place.api(`checkpoints/${id}`)).body, 'statusReason');
  const written = await place.read('lastgood.yaml');
  const again = async (text: string): Promise<void> => {
    await place.write('lastgood.yaml', text);
    process.kill(daemon.pid, 'SIGHUP');
  };
  await again(written.replace(config(place.path('shop')), config(place.path('other'))));
  await until('it is refused', reason, (why) => String(why).includes('configured otherwise'));
  await again(written);
  await until('it fits again', reason, (why) => String(why).startsWith('not good as long'));
});
