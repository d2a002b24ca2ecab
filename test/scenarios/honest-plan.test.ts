import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

const group = ({ path }: Place): string => `sources: []
components:
  - name: web
    dependsOn: [orders]
    state: [ { provider: files, paths: ["${path('web')}"] } ]
  - name: orders
    state: [ { provider: files, paths: ["${path('orders')}"] } ]
  - { name: mail }
checkpoints:
  schedule: false
  groups: [ { name: shop, members: [web, orders/files] } ]
`;

async function take(place: Place, ...words: readonly string[]): Promise<string> {
  return textAt((await place.run(['checkpoint', 'take', ...words, '--json'])).json[0], 'id');
}

test('a group travels together: captured when one is asked for, restored as a whole', async (t) => {
  const place = await makePlace(t, { config: group });
  await place.write('web/a.conf', 'good\n');
  await place.write('orders/b.conf', 'good\n');
  await place.up();
  const earlier = await take(place);
  const id = await take(place, '--component', 'web');

  const shown = (await place.run(['checkpoint', 'show', id])).out;
  assert.match(shown, /consistency L1 stable read: every state was read before and after/);
  assert.match(shown, /holds 2 states of web, orders: \d+ items/);
  assert.match(shown, /holds nothing of: mail/);
  assert.match(shown, /covers: \S*\/web/);
  assert.match((await place.run(['checkpoint', 'list'])).out, /L1 stable read/);

  await place.write('web/a.conf', 'bad\n');
  await place.write('web/new.conf', 'new\n');
  await place.write('orders/b.conf', 'bad\n');
  const planned = await place.run(['rollback', 'plan', '--component', 'web']);
  assert.match(planned.out, new RegExp(`because ${id} is the newest one taken at`));
  assert.match(
    planned.out,
    new RegExp(`second ${earlier} of .*: it is restorable, too, but older`),
  );
  assert.match(planned.out, /together \(shop\): orders\/files, web\/files/);
  assert.match(planned.out, /orders\/files was not named and is restored, too/);
  assert.match(
    planned.out,
    /lost web\/files: 1 item removed, [12] items? overwritten .*newest change came after/,
  );
  const [plan] = (await place.run(['rollback', 'plan', id, '--component', 'web', '--json'])).json;
  assert.equal(at(plan, 'choice', 'why'), 'it was named');
  assert.equal(at(plan, 'choice', 'runnerUp', 'checkpoint'), earlier);
  assert.deepEqual(listAt(plan, 'components'), ['orders', 'web']);
  assert.equal(at(plan, 'losses', '0', 'versions'), 1);
});

test('a certificate that expired meanwhile would come back, and is named before', async (t) => {
  const place = await makePlace(t, {
    config: ({ path }) => `sources: []
components: [ { name: web, state: [ { provider: files, paths: ["${path('web')}"] } ] } ]
checkpoints: { schedule: false }
`,
  });
  const expired = new URL('testdata/expired.pem', import.meta.url);
  await place.write('web/tls.crt', await readFile(expired, 'utf8'));
  await place.write('web/.env', 'TOKEN=of-then\n');
  await place.up();
  const id = await take(place);
  await place.write('web/tls.crt', 'the new one\n');
  await place.write('web/.env', 'TOKEN=of-now\n');
  const { out } = await place.run(['rollback', 'plan', id]);
  assert.match(
    out,
    /tls\.crt would bring back a certificate \(CN=shop\.example\) that expired on 2026-06-01T/,
  );
  assert.match(out, /needs an approver: it brings back 1 expired certificate/);
  assert.match(out, /the secret \S*\.env differs from now/);
  assert.match(out, /roll forward/);
  assert.match(out, /silence: revert/);
  assert.doesNotMatch(out, /of-then|of-now/);
});

test('payments since the checkpoint are told of: no rollback takes them back', async (t) => {
  const place = await makePlace(t, {
    config: ({ path }) => `components:
  - { name: web, state: [ { provider: files, paths: ["${path('web')}"] } ] }
checkpoints: { schedule: false }
`,
  });
  await place.write('web/a.conf', 'good\n');
  await place.up();
  const id = await take(place);
  const end = BigInt(Date.now()) * 1_000_000n;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'POST /v1/charges',
    kind: 3,
    startTimeUnixNano: String(end - 1_000_000n),
    endTimeUnixNano: String(end),
    attributes: [text('server.address', 'api.pay.example'), text('http.request.method', 'POST')],
  };
  const resource = { attributes: [text('service.name', 'web')] };
  const sent = await fetch(`http://127.0.0.1:${place.otlpPort}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  assert.equal(sent.status, 200);
  await place.write('web/a.conf', 'bad\n');
  const told = await until('evidence answers before the plan goes on without it', async () => {
    const { out } = await place.run(['rollback', 'plan', id]);
    return out.includes('is not known: evidence did not answer') ? undefined : out;
  });
  assert.match(
    told,
    /1 call went to hosts outside the inventory, .*: web → api\.pay\.example \(1, such as POST/,
  );
});
