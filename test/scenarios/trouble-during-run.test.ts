import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { listenForNotices } from '../place/notices.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';
import { CalmShop } from './calm-shop.ts';
import { unwrap } from '../../src/base/result.ts';

/** A till that stands on a database of files. */
const shop = ({ path }: Place, notify: string): string => `sources: []
components:
  - name: till
    dependsOn: [db]
  - name: db
    state: [ { provider: files, paths: ["${path('db')}"] } ]
triggers:
  - { name: errors, signal: log-rate, component: till, minSeverity: 9, window: 2s, above: 2,
      for: 0s, then: [incident, notify] }
checkpoints: { schedule: false, soak: 1h }
rollback: { confirmTimeout: 120s, onSilence: revert, gate: { samples: 1, interval: 200ms } }
notify: [ { kind: webhook, url: "${notify}" } ]
`;

test('an incident that begins while a run holds what it stands on names that run', async (t) => {
  const listener = await listenForNotices(t);
  const place = await makePlace(t, { config: (made) => shop(made, listener.url) });
  await place.write('db/a.conf', 'good\n');
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  await place.write('db/a.conf', 'bad\n');
  const words = ['rollback', 'plan', textAt(taken.json[0], 'id'), '--json'];
  const plan = textAt((await place.run(words)).json[0], 'id');
  const started = await place.run(['rollback', 'apply', plan, '--detach', '--json']);
  const run = textAt(started.json[0], 'run');
  await until(
    'a run that waits',
    () => place.run(['rollback', 'status', run]),
    ({ out }) => out.includes('AWAITING_CONFIRM'),
  );

  const incident = await until(
    'an incident',
    async () => {
      const failed = Array.from({ length: 20 }, (_, n) => `order ${n} failed: no such shelf`);
      await sendLogs(place.otlpPort, failed, 'till');
      return listAt((await place.api('incidents')).body, 'incidents')[0];
    },
    (found) => found !== undefined,
  );
  const sentence = new RegExp(
    `errors on till began \\d+ s after step 1 of run ${run}, which changed \\S+a.conf of db/files`,
  );
  const [during] = listAt(incident, 'duringRuns');
  assert.deepEqual([at(during, 'run'), at(during, 'changed')], [run, 'db/files']);
  const id = textAt(incident, 'id');
  for (const command of ['show', 'report']) {
    const { out, err } = await place.run(['incident', command, id]);
    assert.equal(err, '');
    assert.match(out.replaceAll('\\', ''), sentence);
  }
  const chat = await place.run(['incident', 'show', id, '--format', 'update']);
  assert.match(chat.out, new RegExp(`^Cause: ${sentence.source}; `, 'm'));
  await until(
    'a notice that names it',
    async () => listener.said,
    (said) => said.some((text) => sentence.test(text)),
  );
  const shown = async () => (await place.api(`incidents/${id}`)).body;
  const held = await shown();
  const underWay = new RegExp(`^${run} is under way on db \\(AWAITING_CONFIRM\\)`);
  assert.match(textAt(held, 'rollback', 'why'), underWay);
  assert.deepEqual(listAt(held, 'suspects'), [], 'what our own run changes accuses nobody');
  assert.deepEqual(
    listAt(held, 'besideRuns').map((one) => at(one, 'run')),
    [run],
  );
  await place.run(['rollback', 'cancel', run]);
  await until('a diagnosis once it is over', shown, (view) => listAt(view, 'suspects').length > 0);
});

test('what a run changed, and until when it held that, is told by its journal', async () => {
  const calm = new CalmShop();
  const { run } = await calm.start();
  await calm.reach(run, 'REVERTED');
  const [touches, ...others] = unwrap(await calm.daemon.touchesSince(''));
  assert.deepEqual(others, []);
  const [first] = touches?.touches ?? [];
  assert.deepEqual([first?.direction, first?.step], ['forward', '1']);
  assert.ok(touches?.touches.some(({ direction }) => direction === 'undo'));
  assert.equal(touches?.until, (await calm.see(run)).endedAt);
  assert.deepEqual(unwrap(await calm.daemon.touchesSince('2999-01-01T00:00:00Z')), []);
  const second = `${touches?.until?.slice(0, 19)}Z`;
  const held = unwrap(await calm.daemon.touchesSince(second));
  assert.deepEqual(held, [touches], 'what ended within a second was not over as it began');
});
