import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

const config = (place: Place): string => `sources: []
components:
  - name: checkout
    state: [ { provider: files, paths: [${JSON.stringify(place.path('etc'))}] } ]
  - { name: payment }
triggers:
  - { name: errors, signal: alert, match: { alertname: CheckoutErrors } }
checkpoints: { schedule: false }
freeze:
  - name: inventory-day
    from: 2020-01-01T00:00:00Z
    to: 2100-01-01T00:00:00Z
    components: [payment]
`;

async function start(t: TestContext): Promise<Place> {
  const place = await makePlace(t, { config });
  await place.write('etc/app.conf', 'well\n');
  await place.up();
  return place;
}

/** A webhook as Alertmanager sends it, with the members we do not use. */
function webhook(status: 'firing' | 'resolved', endsAt: string) {
  const labels = { alertname: 'CheckoutErrors', component: 'checkout', severity: 'critical' };
  return {
    version: '4',
    groupKey: '{}:{alertname="CheckoutErrors"}',
    truncatedAlerts: 0,
    status,
    receiver: 'lastgood',
    groupLabels: { alertname: 'CheckoutErrors' },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: [
      {
        status,
        labels,
        annotations: { summary: 'one order in three fails' },
        startsAt: '2026-11-20T10:00:00Z',
        endsAt,
        fingerprint: 'c6eadffa33fcdf37',
        generatorURL: 'http://prometheus.example/graph',
      },
    ],
  };
}

async function alerts(place: Place): Promise<readonly unknown[]> {
  const { body } = await place.api('timeline?kind=alert&order=oldest&from=2026-01-01T00:00:00Z');
  return listAt(body, 'records');
}

test('an alert of Alertmanager opens an incident, refuses deployments, and clears', async (t) => {
  const place = await start(t);
  const firing = webhook('firing', '0001-01-01T00:00:00Z');
  assert.equal((await place.api('hooks/alertmanager', firing)).status, 200);
  assert.equal((await place.api('hooks/alertmanager', firing)).status, 200);
  const incident = await until(
    'an open incident',
    async () => listAt((await place.api('incidents')).body, 'incidents')[0],
    (one) => one !== undefined,
  );
  assert.deepEqual(listAt(incident, 'components'), ['checkout']);
  assert.equal(textAt(incident, 'firstBadAt'), '2026-11-20T10:00:00.000000000Z');

  const gate = await place.run(['gate', 'deploy', '--component', 'checkout']);
  assert.equal(gate.code, 4);
  const change = { component: 'checkout', phase: 'started', version: '2' };
  const refused = await place.api('hooks/change', change);
  assert.equal(refused.status, 423);
  assert.equal(textAt(refused.body, 'code'), 'LG_ROLLBACK_GATE_CLOSED');

  assert.equal(
    (await place.api('hooks/alertmanager', webhook('resolved', '2026-11-20T10:05:00Z'))).status,
    200,
  );
  await until(
    'a quiet trigger',
    async () => textAt(listAt((await place.api('triggers')).body, 'triggers')[0], 'state'),
    (state) => state === 'quiet',
  );
  const records = await alerts(place);
  assert.deepEqual(
    records.map((record) => [at(record, 'severity'), at(record, 'attributes', 'alert.state')]),
    [
      [18, 'firing'],
      [9, 'resolved'],
    ],
  );
  assert.equal(at(records[1], 'attributes', 'alarm.is_cleared'), true);
  assert.equal(textAt(records[1], 'time'), '2026-11-20T10:05:00.000000000Z');
});

test('Grafana and Nagios tell alerts by their own words', async (t) => {
  const place = await start(t);
  const { alerts: list, ...rest } = webhook('firing', '0001-01-01T00:00:00Z');
  const values = { B: 0.37 };
  const grafana = {
    ...rest,
    orgId: 1,
    title: 'x',
    alerts: list.map((one) => ({ ...one, values })),
  };
  assert.equal((await place.api('hooks/grafana', grafana)).status, 200);
  const check = { host: 'payment', service: 'PING', time: '2026-11-20T10:00:00Z' };
  const soft = { ...check, state: 'CRITICAL', stateType: 'SOFT', output: 'no answer' };
  assert.equal((await place.api('hooks/nagios', soft)).status, 200);
  assert.equal((await place.api('hooks/nagios', { ...check, state: 'WARNING' })).status, 200);
  assert.equal((await place.api('hooks/nagios', { ...check, state: 'OK' })).status, 200);
  const told = (await alerts(place)).map((record) => [
    textAt(record, 'component'),
    at(record, 'severity'),
    at(record, 'attributes', 'alert.state'),
  ]);
  assert.deepEqual(told.toSorted(), [
    ['checkout', 18, 'firing'],
    ['payment', 13, 'firing'],
    ['payment', 18, 'pending'],
    ['payment', 9, 'resolved'],
  ]);
});

test('a change from CI takes a checkpoint first, and is one record when told twice', async (t) => {
  const place = await start(t);
  const time = '2026-11-20T10:00:00Z';
  const change = { component: 'checkout', phase: 'started', version: '2', actor: 'ci', time };
  const started = await place.api('hooks/change', change);
  assert.equal(started.status, 200);
  const checkpoint = textAt(started.body, 'checkpoint');
  assert.equal((await place.api(`checkpoints/${checkpoint}`)).status, 200);
  for (let told = 0; told < 2; told += 1) {
    const completed = await place.api('hooks/change', { ...change, phase: 'completed' });
    assert.equal(completed.status, 200);
  }
  const failed = await place.api('hooks/change', { ...change, phase: 'failed' });
  assert.equal(failed.status, 200);
  const { body } = await place.api('timeline?kind=event&from=2026-11-20T00:00:00Z&order=oldest');
  const names = listAt(body, 'records').map((record) => textAt(record, 'eventName'));
  assert.deepEqual(names.filter((name) => name.startsWith('deployment.')).toSorted(), [
    'deployment.completed',
    'deployment.failed',
    'deployment.started',
  ]);
  const frozen = await place.api('hooks/change', { component: 'payment', phase: 'started' });
  assert.equal(frozen.status, 423);
  assert.equal(textAt(frozen.body, 'code'), 'LG_ROLLBACK_FROZEN');
  const gate = await place.run(['gate', 'deploy', '--component', 'payment']);
  assert.equal(gate.code, 4);
});

test('a call that is wrong is refused with the path and the value', async (t) => {
  const place = await start(t);
  const good = webhook('firing', '');
  const [alert] = good.alerts;
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['alertmanager', { alerts: 7 }, /alerts: .*\(it is 7\)/],
    ['alertmanager', { alerts: [{ ...alert, status: 'loud' }] }, /alerts\.0\.status: .*"loud"/],
    ['grafana', { alerts: [{ ...alert, labels: [] }] }, /alerts\.0\.labels: .*\(it is a list\)/],
    ['nagios', { host: 'web', state: 'BAD' }, /state: .*\(it is "BAD"\)/],
    ['nagios', { host: '', state: 'OK' }, /host: /],
    ['change', { component: 'checkout', phase: 'begun' }, /phase: .*\(it is "begun"\)/],
    ['change', { component: 'checkout', phase: 'started', time: 5 }, /time: .*\(it is 5\)/],
  ];
  for (const [hook, body, words] of cases) {
    const { status, body: problem } = await place.api(`hooks/${hook}`, body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(textAt(problem, 'detail'), words);
    assert.equal(textAt(problem, 'code'), 'LG_API_REQUEST_INVALID');
  }
  const many = { ...good, alerts: Array.from({ length: 1_001 }, () => alert) };
  assert.equal((await place.api('hooks/alertmanager', many)).status, 400);
  const stored = await alerts(place);
  assert.deepEqual(stored, []);
});
