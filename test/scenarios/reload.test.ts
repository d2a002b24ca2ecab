import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { configText, makePlace, type Place } from '../place/place.ts';

const shop = (more: string): string => `components:
  - name: shop
    state: [{ provider: files, paths: [PLACE/etc] }]
checkpoints: { schedule: false }
rollback: { gate: { samples: 1, interval: 100ms } }
${more}`;

async function rewrite(place: Place, text: string): Promise<void> {
  await fs.writeFile(place.configFile, configText(place, text.replaceAll('PLACE', place.root)));
}

const namesOf = async (place: Place, path: string, list: string, name: string) =>
  listAt((await place.api(path)).body, list).map((one) => at(one, name));

test('SIGHUP takes over triggers, sources and components, and no listener is closed', async (t) => {
  const place = await makePlace(t, {
    config: ({ root }) => shop('sources: []').replaceAll('PLACE', root),
  });
  await place.write('etc/shop.conf', 'a\n');
  await place.write('shop.log', 'before\n');
  const daemon = await place.up();
  assert.deepEqual(await namesOf(place, 'triggers', 'triggers', 'name'), []);

  await rewrite(
    place,
    shop(`sources: [{ name: shop-log, kind: file, paths: [PLACE/shop.log] }]
triggers: [{ name: errors, signal: log-rate, component: shop, above: 1 }]`).replace(
      '\ncheckpoints',
      '\n  - name: till\ncheckpoints',
    ),
  );
  process.kill(daemon.pid, 'SIGHUP');
  const triggers = (): Promise<unknown[]> => namesOf(place, 'triggers', 'triggers', 'name');
  await until('the trigger', triggers, (names) => names.includes('errors'));
  assert.ok((await namesOf(place, 'sources', 'sources', 'id')).includes('shop-log'));
  assert.ok((await namesOf(place, 'components', 'components', 'name')).includes('till'));
  assert.equal(await sendLogs(place.otlpPort, ['after the reload']), 200);
});

test('SIGHUP is answered in the log: taken over, and what waits for a restart', async (t) => {
  const place = await makePlace(t);
  const daemon = await place.up();
  await rewrite(place, 'sources: []\nstorage: { sealEvery: 30s }\n');
  process.kill(daemon.pid, 'SIGHUP');
  const said = (): Promise<string> => Promise.resolve(daemon.notes());
  const notes = await until('the answer', said, (text) => text.includes('reloaded  '));
  assert.match(notes, /^reloaded +\S+lastgood\.yaml$/m);
  await until('the warning', said, (text) =>
    /^warning .*sealEvery.*restart the daemon/m.test(text),
  );
});

test('a mistake in the file is told after SIGHUP, and what was in force stays', async (t) => {
  const place = await makePlace(t, {
    config: () => `triggers: [{ name: errors, signal: log-rate, component: shop, above: 1 }]`,
  });
  const daemon = await place.up();
  await rewrite(place, 'triggers: [{ name: errors, signal: nonsense }]');
  process.kill(daemon.pid, 'SIGHUP');
  const problems = async (): Promise<string> =>
    JSON.stringify(at((await place.api('status')).body, 'problems'));
  const told = await until('the problem', problems, (text) => text.includes('was not taken over'));
  assert.match(told, /lastgood\.yaml:\d+:\d+/, 'the problem names file, line and column');
  assert.deepEqual(await namesOf(place, 'triggers', 'triggers', 'name'), ['errors']);

  await rewrite(place, 'triggers: []');
  process.kill(daemon.pid, 'SIGHUP');
  await until(
    'the mended file in force',
    () => namesOf(place, 'triggers', 'triggers', 'name'),
    (names) => names.length === 0,
  );
  assert.doesNotMatch(await problems(), /not taken over/);
});

test('an evidence process that stands still is noticed; recovery answers on', async (t) => {
  const place = await makePlace(t);
  const daemon = await place.up();
  const pid = daemon.evidencePid();
  process.kill(pid, 'SIGSTOP');
  t.after(() => process.kill(pid, 'SIGCONT'));
  const health = async (): Promise<unknown> => at((await place.api('health')).body, 'status');
  await until('degraded health', health, (status) => status === 'degraded');
  assert.equal((await place.api('checkpoints')).status, 200);
  process.kill(pid, 'SIGCONT');
  await until('good health', health, (status) => status === 'ok');
  assert.equal(daemon.evidencePid(), pid, 'it was not restarted for a pause');
});

test('a plan leaves alone what its target was captured without, after a reload', async (t) => {
  const place = await makePlace(t, {
    config: ({ root }) => shop('sources: []').replaceAll('PLACE', root),
  });
  await place.write('etc/shop.conf', 'good\n');
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const checkpoint = textAt(taken.json[0], 'id');
  await place.write('etc/shop.conf', 'bad\n');
  await place.write('more/data', 'never captured\n');
  const plan = () => place.api('plans', { checkpoint, reason: 'test' });
  const reloaded = async (paths: string): Promise<string> => {
    await rewrite(place, shop('sources: []').replace('PLACE/etc', paths));
    const before = daemon.notes().length;
    process.kill(daemon.pid, 'SIGHUP');
    const said = (): Promise<string> => Promise.resolve(daemon.notes().slice(before));
    await until('the reload', said, (text) => text.includes('reloaded  '));
    return JSON.stringify((await plan()).body);
  };

  const wider = await reloaded('PLACE/etc, PLACE/more');
  assert.match(wider, /shop\.conf/);
  assert.doesNotMatch(wider, /more\/data/, 'it is in no step, change or loss');
  assert.match(wider, /captured without paths [^ ]*\/more/);
  const diff = await place.run(['checkpoint', 'diff', checkpoint, 'now']);
  assert.doesNotMatch(diff.out, /more\/data/);

  const made = (await plan()).body;
  const planHash = textAt(made, 'planHash');
  const started = await place.api(`plans/${textAt(made, 'id')}/apply`, { planHash });
  const [run, token] = [textAt(started.body, 'run'), textAt(started.body, 'token')];
  const look = async () => (await place.api(`runs/${run}`)).body;
  const stateNow = async () => at(await look(), 'state');
  await until('the run to wait', stateNow, (now) => now === 'AWAITING_CONFIRM');
  const nonce = textAt(await look(), 'nonce');
  assert.equal((await place.api(`runs/${run}/confirm`, { token, nonce })).status, 200);
  await until('its end', stateNow, (now) => now === 'COMMITTED');
  assert.equal(await place.read('etc/shop.conf'), 'good\n');
  assert.equal(await place.read('more/data'), 'never captured\n');
  await place.write('etc/shop.conf', 'bad again\n');

  const narrower = await reloaded('PLACE/more');
  assert.match(narrower, /LG_ROLLBACK_IMPOSSIBLE/);
  assert.match(narrower, /take a new checkpoint/);
});
