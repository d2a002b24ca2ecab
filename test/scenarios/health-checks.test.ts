import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

/** One component with files and one health check, and no trigger at all. */
const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [test, -e, "${path('healthy')}"] } ]
checkpoints: { schedule: false, soak: 1h }
rollback: { confirmTimeout: 90s, gate: { samples: 2, interval: 200ms } }
`;

const statusAfter = (place: Place, line: RegExp) =>
  until(
    `${line.source} in the status`,
    () => place.run(['status']),
    ({ out }) => line.test(out),
  );

test('a failing health check is told everywhere, also without any trigger', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('healthy', '');
  await place.write('shop/a.conf', 'good\n');
  await place.up();
  const well = await statusAfter(place, /^healthy[;,]/m);
  assert.equal(well.code, 0, well.out);
  assert.equal((await place.run(['gate', 'deploy', '--component', 'shop'])).code, 0);

  await rm(place.path('healthy'));
  const sick = await statusAfter(place, /^unhealthy: shop since /m);
  assert.equal(sick.code, 1, sick.out);
  assert.match(sick.out, /^health +red since .*: shop: run test -e\s+\S+\s+exit 1$/m);
  assert.match(sick.out, /no trigger watches shop: no incident is opened/);

  const gate = await place.run(['gate', 'deploy', '--component', 'shop']);
  assert.equal(gate.code, 4, gate.out);
  assert.match(gate.err, /LG_ROLLBACK_GATE_CLOSED: .*shop: run test -e .* is red since/s);
  const doctor = await place.run(['doctor']);
  assert.equal(doctor.code, 1);
  assert.match(doctor.out, /^wrong health shop: run test -e .*: red since .*: exit 1$/m);
  assert.match((await place.run(['components'])).out, /red since .* exit 1/);
  const { body } = await place.api('status');
  assert.deepEqual([at(body, 'health'), at(body, 'standing', 'verdict')], ['degraded', 'failed']);
  assert.deepEqual(listAt(body, 'incidents'), []);
  assert.equal(textAt((await place.api('health')).body, 'status'), 'ok', 'the daemon is well');

  await place.write('healthy', '');
  assert.equal((await statusAfter(place, /^healthy[;,]/m)).code, 0);
});

test('where nothing judges, nothing is called healthy', async (t) => {
  const config = ({ path }: Place): string => `sources: []
components:
  - { name: shop, state: [ { provider: files, paths: ["${path('shop')}"] } ] }
checkpoints: { schedule: false }
`;
  const place = await makePlace(t, { config });
  await place.write('shop/a.conf', 'good\n');
  await place.up();
  const status = await statusAfter(place, /^nothing to judge by[;,]/m);
  assert.equal(status.code, 0, status.out);
  assert.match(status.out, /^health +no health check is declared and no trigger has data$/m);
});
