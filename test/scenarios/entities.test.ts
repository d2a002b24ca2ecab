import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { at, listAt } from '../place/document.ts';
import { configText, makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

const INVENTORY = `sources: []
components:
  - name: web1
    kind: server
  - name: checkout
    ALIASES
    dependsOn: [payment, web1]
  - name: payment
    requires: { logs: [application] }
  - name: ledger
checkpoints: { schedule: false }
`;

const inventory = (aliases: string): string => INVENTORY.replace('ALIASES', aliases);

type Attributes = Readonly<Record<string, string>>;

const listed = (attributes: Attributes): readonly unknown[] =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));

const nowNs = (): string => String(BigInt(Date.now()) * 1_000_000n);

async function post(place: Place, path: string, document: unknown): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${place.otlpPort}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function sendLog(place: Place, resource: Attributes, text: string): Promise<void> {
  const logRecords = [{ timeUnixNano: nowNs(), body: { stringValue: text } }];
  const scopeLogs = [{ logRecords }];
  await post(place, 'logs', {
    resourceLogs: [{ resource: { attributes: listed(resource) }, scopeLogs }],
  });
}

/** One call, as both ends of it tell it. */
async function sendCall(place: Place, from: string, to: string, id: string): Promise<void> {
  const times = { startTimeUnixNano: nowNs(), endTimeUnixNano: nowNs() };
  const base = { traceId: id.repeat(32), name: 'call', ...times };
  const client = { ...base, spanId: id.repeat(16), kind: 3 };
  const server = { ...base, spanId: `${id.repeat(15)}0`, parentSpanId: id.repeat(16), kind: 2 };
  const said = (service: string, span: unknown): unknown => ({
    resource: { attributes: listed({ 'service.name': service }) },
    scopeSpans: [{ spans: [span] }],
  });
  await post(place, 'traces', { resourceSpans: [said(from, client), said(to, server)] });
}

async function unresolved(place: Place): Promise<readonly unknown[]> {
  return listAt((await place.api('coverage')).body, 'unresolved');
}

async function edge(place: Place, from: string, to: string): Promise<unknown> {
  const { body } = await place.api('components');
  return listAt(body, 'dependencies').find(
    (one) => at(one, 'from') === from && at(one, 'to') === to,
  );
}

async function componentOf(place: Place, text: string): Promise<unknown> {
  const { body } = await place.api('timeline?limit=100&order=arrival');
  return at(
    listAt(body, 'records').find((record) => at(record, 'body') === text),
    'component',
  );
}

const CONTAINER = { 'host.name': 'web1', 'container.id': 'c0ffee' };

test('an unknown name is told with a proposed alias, and the alias mends it', async (t) => {
  const place = await makePlace(t, { config: () => inventory('kind: application') });
  const daemon = await place.up();
  await sendLog(place, { 'service.name': 'checkout', ...CONTAINER }, 'known');
  const renamed = { 'service.name': 'checkout-svc', ...CONTAINER };
  await sendLog(place, renamed, 'before the alias');
  await sendLog(place, { 'service.name': 'stranger' }, 'who');

  const names = await until(
    'both names',
    () => unresolved(place),
    (found) => found.length === 2,
  );
  const byName = new Map(names.map((one) => [at(one, 'name'), one]));
  const wrong = byName.get('checkout-svc');
  assert.equal(at(wrong, 'records'), 1);
  assert.deepEqual(at(wrong, 'sources'), ['otlp']);
  assert.equal(at(at(wrong, 'proposal'), 'component'), 'checkout');
  assert.match(String(at(at(wrong, 'proposal'), 'why')), /container\.id c0ffee/);
  assert.match(String(at(wrong, 'mend')), /aliases: \[checkout-svc\]/);
  assert.equal(at(byName.get('stranger'), 'proposal'), undefined, 'nothing supports one');
  assert.equal(await componentOf(place, 'before the alias'), 'checkout-svc', 'nothing is merged');

  const status = await place.run(['status']);
  assert.match(status.out, /unresolved +checkout-svc: 1 record since/);
  const doctor = await place.run(['doctor']);
  assert.equal(doctor.code, 1);
  assert.match(doctor.out, /stranger/);
  const coverage = await place.run(['coverage']);
  assert.match(coverage.out, /likely checkout: both come from container\.id c0ffee/);

  const text = configText(place, inventory('aliases: [checkout-svc]'));
  await fs.writeFile(place.configFile, text);
  process.kill(daemon.pid, 'SIGHUP');
  await until(
    'the alias',
    () => unresolved(place),
    (found) => found.length === 1,
  );
  // The same resource again: the listener remembers it from before.
  await sendLog(place, renamed, 'after the alias');
  assert.equal(await componentOf(place, 'after the alias'), 'checkout');
  assert.equal(
    await componentOf(place, 'before the alias'),
    'checkout-svc',
    'what is stored is never rewritten',
  );
});

test('dependencies are told as declared and as seen, with what lacks on either side', async (t) => {
  const place = await makePlace(t, { config: () => inventory('kind: application') });
  await place.up();
  await sendLog(place, { 'service.name': 'checkout', ...CONTAINER }, 'on web1');
  await sendCall(place, 'checkout', 'ledger', 'a');
  await sendCall(place, 'checkout', 'ledger', 'b');
  const seen = await until(
    'the calls',
    () => edge(place, 'checkout', 'ledger'),
    (found) => found !== undefined,
  );
  assert.equal(at(seen, 'declared'), false);
  assert.equal(at(seen, 'gap'), 'not declared');
  const [calls] = listAt(seen, 'seen');
  assert.equal(at(calls, 'origin'), 'spans');
  assert.equal(at(calls, 'count'), 2, 'both ends tell one call');
  assert.equal(at(await edge(place, 'checkout', 'payment'), 'gap'), 'never seen');
  const standing = await edge(place, 'checkout', 'web1');
  assert.equal(at(standing, 'gap'), undefined);
  assert.equal(at(listAt(standing, 'seen')[0], 'origin'), 'placement');
  const shown = await place.run(['components']);
  assert.match(shown.out, /checkout +ledger +no +spans 2, last .* not declared/);

  const { body } = await place.api('coverage');
  const payment = listAt(body, 'coverage').find((one) => at(one, 'component') === 'payment');
  const [logs] = listAt(payment, 'required');
  assert.equal(at(logs, 'what'), 'logs: application');
  assert.match(String(at(logs, 'missingSince')), /^20\d\d-.*Z$/, 'since when it is missing');
});
