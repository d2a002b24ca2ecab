import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

/** Two folders of files, a health check that is as good as a file says. */
const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [grep, -q, good, "${path('shop', 'a.conf')}"] } ]
  - name: side
    state: [ { provider: files, paths: ["${path('side')}"] } ]
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 60s, gate: { samples: 2, interval: 200ms } }
`;

async function changed(place: Place): Promise<string> {
  await place.write('shop/a.conf', 'good\n');
  await place.write('side/b.conf', 'good\n');
  const daemon = await place.up('--config', place.configFile);
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  const refused = await place.run(['restore', textAt(taken.json[0], 'id')]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^error LG_RUNTIME_DAEMON_RUNNING: /m);
  await place.write('shop/a.conf', 'bad\n');
  await place.write('side/b.conf', 'bad\n');
  await daemon.kill();
  return textAt(taken.json[0], 'id');
}

test('with the daemon dead, the data directory alone brings a checkpoint back', async (t) => {
  const place = await makePlace(t, { config: shop });
  const checkpoint = await changed(place);
  // The daemon's own configuration is found in the data directory.
  const own = await place.read('lastgood.yaml');
  await place.write('lastgood.yaml', 'sources: []\n');

  const dry = await place.run(['restore', checkpoint, '--dry-run', '--json']);
  assert.equal(dry.code, 0, dry.err);
  assert.equal(listAt(dry.json[0], 'changes').length, 2);
  assert.equal(await place.read('shop/a.conf'), 'bad\n');

  const one = await place.run(['restore', checkpoint, '--component', 'shop', '--json']);
  assert.equal(one.code, 0, one.err);
  assert.match(textAt(one.json[0], 'token'), /^[0-9a-f]{64}$/);
  assert.equal(textAt(one.json.at(-1), 'state'), 'COMMITTED');
  assert.equal(await place.read('shop/a.conf'), 'good\n');
  assert.equal(await place.read('side/b.conf'), 'bad\n');

  const nothing = await place.run(['restore', checkpoint, '--component', 'shop']);
  assert.equal(nothing.code, 1);
  assert.match(nothing.err, /LG_ROLLBACK_PLAN_EMPTY/);

  await place.write('lastgood.yaml', own);
  const daemon = await place.up();
  const runs = listAt((await place.api('runs')).body, 'runs');
  assert.deepEqual(
    runs.map((run) => textAt(run, 'state')),
    ['COMMITTED'],
  );
  const listed = await place.run(['rollback', 'list']);
  assert.match(listed.out, /^run_\w+ +\S+T\S+ +COMMITTED +shop +cp_/m, listed.err);
  const unknown = await place.run(['rollback', 'status', 'run_nosuch']);
  assert.match(unknown.err, /LG_ROLLBACK_RUN_UNKNOWN: .*`lastgood rollback list`/);
  const audit = await place.run(['audit', '--verify']);
  assert.equal(audit.code, 0, audit.out + audit.err);
  const undone = await place.run([
    'rollback',
    'undo',
    textAt(runs[0], 'run'),
    '--detach',
    '--json',
  ]);
  assert.equal(undone.code, 0, undone.err);
  const [kept] = (await place.run(['audit'])).out.match(/^.* run\.confirm .*$/m) ?? [];
  assert.match(kept ?? '', /local:\S+ run\.confirm done run_\w+ .*had no terminal to ask at$/);

  // Another run is in the way: told with a daemon, and told and dealt with without one.
  const undo = textAt(undone.json[0], 'run');
  await until(
    'the undo to wait',
    async () => at((await place.api(`runs/${undo}`)).body, 'state'),
    (state) => state === 'AWAITING_CONFIRM',
  );
  const words = [checkpoint, '--component', 'shop'];
  const planned = await place.run(['rollback', 'plan', ...words]);
  const held = `${undo} is AWAITING_CONFIRM and holds shop/files`;
  assert.match(planned.out, new RegExp(`in the way ${held}: apply is refused until it has ended`));
  await daemon.stop();
  const tried = await place.run(['restore', ...words, '--dry-run']);
  assert.match(tried.out, new RegExp(`in the way ${held}: restore takes it back first`));
  assert.match(
    tried.err,
    /lastgood\.yaml as the daemon last read it \(sha256 [0-9a-f]{12}, of .*--config/,
  );
  assert.equal(await place.read('shop/a.conf'), 'bad\n');
  const done = await place.run(['restore', ...words]);
  assert.match(done.err, new RegExp(`${undo} ended REVERTED`));
  assert.match(done.err, /LG_ROLLBACK_PLAN_EMPTY/, 'going back brought what was wanted');
  assert.equal(await place.read('shop/a.conf'), 'good\n');
});
