import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

/** A shop that stands on a database, each a folder of files; how long a canary is watched. */
const shop =
  (soak: string) =>
  ({ path }: Place): string =>
    `sources: []
components:
  - name: shop
    dependsOn: [db]
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
  - name: db
    state: [ { provider: files, paths: ["${path('db')}"] } ]
    health: [ { command: [test, -e, "${path('healthy')}"] } ]
checkpoints: { schedule: false, soak: 1h }
rollback:
  confirmTimeout: 150s
  onSilence: revert
  gate: { samples: 2, interval: 200ms }
  batches: { soak: ${soak}, jitter: 500ms }
`;

const NAMES = ['db', 'shop', 'mail'] as const;

/** A third component, and one in each batch: more to watch than a look at the file can tell. */
function withMail(config: string, { path }: Place): string {
  const mail = `  - name: mail\n    state: [ { provider: files, paths: ["${path('mail')}"] } ]\n`;
  return config
    .replace('checkpoints:', `${mail}checkpoints:`)
    .replace('batches: {', 'batches: { size: 1,');
}

/** A place where both have been changed since the checkpoint that is answered. */
async function changed(t: TestContext, soak: string): Promise<[Place, string]> {
  const place = await makePlace(t, { config: shop(soak) });
  await place.write('healthy', '');
  for (const name of ['db', 'shop']) {
    await place.write(`${name}/a.conf`, 'good\n');
    await place.write(`${name}/same.conf`, 'same\n');
  }
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  for (const name of ['db', 'shop']) await place.write(`${name}/a.conf`, 'bad\n');
  return [place, textAt(taken.json[0], 'id')];
}

async function both(place: Place): Promise<readonly string[]> {
  return [await place.read('db/a.conf'), await place.read('shop/a.conf')];
}

async function planned(place: Place, checkpoint: string): Promise<string> {
  const plan = await place.run(['rollback', 'plan', checkpoint, '--json']);
  assert.equal(plan.code, 0, plan.err);
  const batches = listAt(plan.json[0], 'batches').map((batch) => listAt(batch, 'components'));
  assert.deepEqual(batches, [['db'], ['shop']]);
  return textAt(plan.json[0], 'id');
}

test('what others stand on is restored first and watched, then the rest', async (t) => {
  const [place, checkpoint] = await changed(t, '1s');
  const words = await place.run(['rollback', 'plan', checkpoint]);
  assert.match(words.out, /^ {2}batch 1 of 2: db, then watched for 1 to 1.5 s before the next$/m);
  assert.match(words.out, /^ {2}batch 2 of 2: shop$/m);

  const seen: string[] = [];
  let token = '';
  const ended = await place.run(
    ['rollback', 'apply', await planned(place, checkpoint), '--json'],
    (line) => {
      const said: unknown = JSON.parse(line);
      const [state, number, given] = [
        at(said, 'state'),
        at(said, 'batch', 'number'),
        at(said, 'token'),
      ];
      if (typeof given === 'string') token = given;
      // The last batch may be done between two looks; the wait for a confirm is not.
      if (state === 'APPLYING' || state === 'AWAITING_CONFIRM')
        seen.push(`batch ${String(number)}`);
      if (state !== 'AWAITING_CONFIRM') return;
      void place.run(['rollback', 'confirm', textAt(said, 'run'), '--token', token]);
    },
  );
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual([...new Set(seen)], ['batch 1', 'batch 2']);
  assert.deepEqual(await both(place), ['good\n', 'good\n']);
  const run = textAt(ended.json.at(-1), 'run');
  const status = await place.run(['rollback', 'status', run]);
  assert.match(status.out, /^ {2}items: 2 changed, \d+ already equal, 0 skipped, 0 failed$/m);
  assert.match(status.out, /^ {4}changed {2}db\/files .*a\.conf$/m);
});

test('a run that is canceled while its canary is watched has touched nothing else', async (t) => {
  const [place, checkpoint] = await changed(t, '60s');
  const started = await place.run([
    ...['rollback', 'apply', await planned(place, checkpoint), '--detach', '--json'],
  ]);
  const run = textAt(started.json[0], 'run');
  const watched = await until(
    'the canary is at the checkpoint',
    () => place.run(['rollback', 'status', run]),
    ({ out }) => /^ {2}db\/files {2}target/m.test(out),
  );
  assert.match(watched.out, /^ {2}batch 1 of 2 \(db\)$/m);
  assert.deepEqual(await both(place), ['good\n', 'bad\n']);
  const canceled = await place.run(['rollback', 'cancel', run]);
  assert.equal(canceled.code, 5, canceled.err);
  assert.deepEqual(await both(place), ['bad\n', 'bad\n']);
  assert.match(canceled.out, /^ {4}skipped {2}shop\/files .*: not reached: cancel/m);
  assert.match(canceled.out, /^ {4}skipped {2}db\/files .*: changed and taken back: cancel/m);
});

test('a deadline that cannot hold the batches is told before anything is done', async (t) => {
  const place = await makePlace(t, { config: (here) => withMail(shop('40s')(here), here) });
  for (const name of NAMES) await place.write(`${name}/a.conf`, 'good\n');
  await place.write('healthy', '');
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  for (const name of NAMES) await place.write(`${name}/a.conf`, 'bad\n');
  const checkpoint = textAt(taken.json[0], 'id');
  const plan = await place.run(['rollback', 'plan', checkpoint]);
  assert.equal(plan.code, 4, plan.out);
  assert.match(plan.err, /^error LG_ROLLBACK_NO_TIME: .*3 batches are watched for 82 s/m);
});
