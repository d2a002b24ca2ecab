import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

/** A service whose only health check answers what its one file says, beside one without any. */
const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [grep, -q, good, "${path('shop/a.conf')}"] } ]
  - name: mail
    state: [ { provider: files, paths: ["${path('mail')}"] } ]
checkpoints: { schedule: false, soak: 1h }
rollback: { confirmTimeout: 60s, gate: { samples: 2, interval: 200ms } }
`;

test('a rollback that turns a red check green is kept, and can be undone', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('shop/a.conf', 'good\n');
  await place.write('mail/a.conf', 'good\n');
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const checkpoint = textAt(taken.json[0], 'id');
  await place.write('shop/a.conf', 'bad\n');

  const planned = await place.run(['rollback', 'plan', checkpoint, '--json']);
  assert.equal(planned.code, 0, planned.err);
  const roles = listAt(planned.json[0], 'checks').map((check) => at(check, 'role'));
  assert.deepEqual(roles, ['goal'], 'what is red is what the rollback shall heal');
  assert.equal(textAt(planned.json[0], 'onSilence'), 'keep-if-healed');

  // Equal as it was planned, and not any more: the checkpoint as a whole is not what healed.
  await place.write('mail/a.conf', 'changed meanwhile\n');
  // Nobody confirms: it healed, so it stays.
  const applied = await place.run(['rollback', 'apply', textAt(planned.json[0], 'id'), '--json']);
  assert.equal(applied.code, 0, applied.out);
  assert.equal(at(applied.json.at(-1), 'healed'), true);
  assert.equal(await place.read('shop/a.conf'), 'good\n');
  const explained = await until(
    'the checkpoint has heard of the run',
    () => place.run(['checkpoint', 'explain', checkpoint]),
    ({ out }) => out.includes('in place after'),
  );
  assert.match(explained.out, /  shop\/files in place after run_\w+: it healed/);

  let run = '';
  let [isRed, isConfirmed] = [false, false];
  const undone = await place.run(
    ['rollback', 'undo', textAt(applied.json.at(-1), 'run')],
    (line) => {
      [, run = run] = /keep it: +lastgood (.*)$/.exec(line) ?? [];
      isRed ||= / now red /.test(line);
      if (!isRed || run === '' || isConfirmed) return;
      isConfirmed = true;
      void place.run(run.split(' '));
    },
  );
  assert.notEqual(run, '', `it says how to confirm:\n${undone.out}`);
  assert.equal(undone.code, 0, undone.out);
  // It goes back to what was red, so no guard says so: who decides must read it all the same.
  assert.match(undone.out, /now red {2}not judged: red already before the run {2}shop: /);
  assert.match(undone.out, /shop\/files {2}target {2}as the checkpoint wants it/);
  assert.equal(await place.read('shop/a.conf'), 'bad\n');
});
