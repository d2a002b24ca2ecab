import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { at, listAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { configText, makePlace, type Place } from '../place/place.ts';

const RULES = `
sources:
  - name: app
    kind: file
    paths: [APP]
    component: app
    rules: [ { name: heartbeat, match: { text: heartbeat }, do: drop } ]
rules:
  otlp:
    - { name: health-checks, match: { text: GET /healthz, component: shop }, do: count, every: 1s }
    - { name: repeats, do: dedupe, window: 1s }
triggers:
  - { name: chatty, signal: log-rate, minSeverity: 9, window: 10s, above: 0.5, then: [incident] }
`;

async function bodies(place: Place): Promise<readonly string[]> {
  const { body } = await place.api('timeline?limit=1000&order=arrival');
  return listAt(body, 'records').map((record) => String(at(record, 'body')));
}

async function account(place: Place, id: string): Promise<unknown> {
  const { body } = await place.api('sources');
  return listAt(body, 'sources').find((one) => at(one, 'id') === id);
}

test('rules leave out, count and join repeats; each shows what it left out', async (t) => {
  const place = await makePlace(t, {
    config: (made) => RULES.replace('APP', made.path('app.log')),
  });
  await place.write('app.log', 'started\nheartbeat 1\nheartbeat 2\n');
  let daemon = await place.up();
  await until(
    'the line of the file',
    () => bodies(place),
    (found) => found.includes('started'),
  );
  const health = Array.from({ length: 20 }, (_, n) => `GET /healthz ${n}`);
  assert.equal(await sendLogs(place.otlpPort, health), 200);
  assert.equal(await sendLogs(place.otlpPort, ['retry', 'retry', 'retry', 'done']), 200);
  const found = await until(
    'what stands for the others',
    () => bodies(place),
    (some) => some.some((body) => /counted/.test(body)) && some.some((body) => /more/.test(body)),
  );
  assert.deepEqual(found.toSorted(), [
    '20 records counted by the rule health-checks: GET /healthz 0',
    'done',
    'repeated 2 times more: retry',
    'retry',
    'started',
  ]);

  const otlp = await account(place, 'otlp');
  assert.deepEqual(
    ['received', 'records', 'leftOut', 'rejects', 'shed', 'refused'].map((name) => at(otlp, name)),
    [24, 2, 22, 0, 0, 0],
  );
  assert.deepEqual(
    listAt(otlp, 'rules').map((rule) => [at(rule, 'leftOut'), at(rule, 'example')]),
    [
      [20, 'GET /healthz 19'],
      [2, 'retry'],
    ],
  );
  const metrics = await fetch(`${daemon.url}/metrics`, {
    headers: { authorization: `Bearer ${(await place.read('data/admin.token')).trim()}` },
  });
  const text = await metrics.text();
  const label = 'source="app",rule="heartbeat",do="drop"';
  assert.ok(text.includes(`lastgood_source_left_out_records_total{${label}} 2`), text);
  const chatty = await until(
    'the trigger',
    () => place.api('triggers/chatty'),
    ({ body }) => listAt(body, 'triggers').some((state) => at(state, 'state') === 'firing'),
  );
  assert.equal(chatty.status, 200, 'what was left out is counted by triggers');

  // Where the file was read up to is known although its last lines were left out.
  await daemon.kill();
  daemon = await place.up();
  await fs.appendFile(place.path('app.log'), 'stopped\n');
  await until(
    'the next line',
    () => bodies(place),
    (some) => some.includes('stopped'),
  );
  assert.equal((await bodies(place)).filter((body) => body === 'started').length, 1);
  assert.equal(at(await account(place, 'app'), 'leftOut'), 0, 'they were not read again');

  // Rules are taken over without an interruption.
  await place.write('lastgood.yaml', configText(place, 'sources: []\n'));
  process.kill(daemon.pid, 'SIGHUP');
  await until(
    'no rules',
    () => account(place, 'otlp'),
    (status) => listAt(status, 'rules').length === 0,
  );
  assert.equal(await sendLogs(place.otlpPort, ['GET /healthz again']), 200);
  assert.ok((await bodies(place)).includes('GET /healthz again'));
  assert.equal((await daemon.stop()).code, 0);
});
