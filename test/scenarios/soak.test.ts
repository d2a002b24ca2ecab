import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [test, -e, "${path('healthy')}"] } ]
checkpoints: { schedule: false, soak: 3s }
`;

/** Sends one server span of the shop, ended now. */
async function request(place: Place, name: string): Promise<void> {
  const end = BigInt(Date.now()) * 1_000_000n;
  const digits = [...name].map((char) => (char.codePointAt(0) ?? 0).toString(16)).join('');
  const span = {
    traceId: digits.padEnd(32, 'a').slice(0, 32),
    spanId: digits.padEnd(16, 'b').slice(0, 16),
    name,
    kind: 2,
    startTimeUnixNano: String(end - 1_000_000n),
    endTimeUnixNano: String(end),
  };
  const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }];
  const resourceSpans = [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }];
  const sent = await fetch(`http://127.0.0.1:${place.otlpPort}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  });
  assert.equal(sent.status, 200);
}

test('a good checkpoint says what ran in its soak, and what is known and did not', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('healthy', '');
  await place.write('shop/a.conf', 'good\n');
  await place.up();
  const good = async (name: string): Promise<string> => {
    const taken = await place.run(['checkpoint', 'take', '--json']);
    const id = textAt(taken.json[0], 'id');
    await request(place, name);
    await until(
      `${id} is good`,
      async () => (await place.api(`checkpoints/${id}`)).body,
      (view) => at(view, 'status') === 'good',
    );
    return id;
  };
  await good('POST /refunds');
  const id = await good('POST /orders');

  const { body } = await place.api(`checkpoints/${id}`);
  assert.deepEqual(listAt(body, 'exercise', 'exercised'), ['shop POST /orders']);
  assert.deepEqual(listAt(body, 'exercise', 'notExercised'), ['shop POST /refunds']);
  const words = /^good for: shop POST \/orders; not exercised: shop POST \/refunds$/m;
  assert.match((await place.run(['checkpoint', 'explain', id])).out, words);
});

const edge = ({ path }: Place): string => `sources: []
components:
  - name: edge
    state: [ { provider: files, paths: ["${path('edge')}"] } ]
  - name: customers
    dependsOn: [edge]
    health: [ { command: [test, -e, "${path('served')}"] } ]
checkpoints: { schedule: false, soak: 3s }
`;

test('what stands on a component judges its checkpoints', async (t) => {
  const place = await makePlace(t, { config: edge });
  await place.write('edge/rules', 'drop all\n');
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const id = textAt(taken.json[0], 'id');
  const said = await until(
    'the end of its soak',
    async () => (await place.run(['checkpoint', 'explain', id])).out,
    (words) => words.includes('soak ended'),
  );
  assert.match(said, /customers/);
  const { body } = await place.api(`checkpoints/${id}`);
  assert.equal(at(body, 'status'), 'restorable');
});
