import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, textAt } from '../place/document.ts';
import { listenForNotices } from '../place/notices.ts';
import { makePlace } from '../place/place.ts';
import { until } from '../place/until.ts';

test('who has no young good checkpoint hears of it, until one is good', async (t) => {
  const hook = await listenForNotices(t);
  const place = await makePlace(t, {
    config: ({ path }) => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [test, -e, "${path('healthy')}"] } ]
checkpoints: { schedule: false, soak: 1h, warnAfter: 2s }
notify: [ { kind: webhook, url: "${hook.url}" } ]
`,
  });
  await place.write('healthy', '');
  await place.write('shop/a.conf', 'good\n');
  const daemon = await place.up();
  await place.run(['checkpoint', 'take']);
  const words = 'no good checkpoint of the last 2s holds shop/files';
  const told = await until('a notice', async () => hook.said.find((text) => text.includes(words)));
  assert.match(told, /warning/);
  assert.match(told, /checkpoints\.warnAfter/);
  const status = async () => (await place.run(['status'])).out;
  assert.ok((await status()).includes(words));
  assert.ok((await place.run(['doctor'])).out.includes(words));

  // With a soak that can end within the limit, the next checkpoint becomes good and all is well.
  const written = await place.read('lastgood.yaml');
  await place.write('lastgood.yaml', written.replace('soak: 1h, warnAfter: 2s', SOON_GOOD));
  process.kill(daemon.pid, 'SIGHUP');
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const id = textAt(taken.json[0], 'id');
  await until(
    'it is good',
    async () => at((await place.api(`checkpoints/${id}`)).body, 'status'),
    (now) => now === 'good',
  );
  assert.doesNotMatch(await status(), /no good checkpoint/);
});

const SOON_GOOD = 'soak: 1s, warnAfter: 10m';
