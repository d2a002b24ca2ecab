import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { test } from 'node:test';
import { at } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, type Place, type PlaceOptions } from '../place/place.ts';

/** Two components of which one is to send logs of its own. */
const SHOP = `sources: []
components:
  - name: checkout
    kind: application
    requires: { logs: [application] }
  - name: payment
    requires: { logs: [application] }
`;

async function shop(t: Parameters<typeof makePlace>[0], options: PlaceOptions): Promise<Place> {
  const place = await makePlace(t, options);
  // Started as root, the daemon becomes another user, who must be able to enter.
  await chmod(place.root, 0o755);
  await place.up();
  return place;
}

test('events --follow prints what is there and then each record that arrives, once', async (t) => {
  const place = await shop(t, {});
  assert.equal(await sendLogs(place.otlpPort, ['before one', 'before two']), 200);
  await until(
    'both records',
    () => place.run(['events', '--json']),
    ({ json }) => json.length === 2,
  );
  const bodies: string[] = [];
  const followed = await place.run(['events', '--follow', '--json'], (line, child) => {
    bodies.push(String(at(JSON.parse(line), 'body')));
    if (bodies.length === 2) void sendLogs(place.otlpPort, ['while it follows']);
    if (bodies.length === 3) void sendLogs(place.otlpPort, ['after that', 'and last']);
    if (bodies.at(-1) === 'and last') child.kill('SIGINT');
  });
  assert.deepEqual(bodies, [
    'before one',
    'before two',
    'while it follows',
    'after that',
    'and last',
  ]);
  assert.equal(followed.code, 0, followed.err);
});

test('events --format csv writes one line a record, whatever stands in its text', async (t) => {
  const place = await shop(t, {});
  const odd = ['plain', 'with, comma', 'with "quotes"', 'two\nlines', '=1+1'];
  assert.equal(await sendLogs(place.otlpPort, odd, 'checkout'), 200);
  await until(
    'all records',
    () => place.run(['events', '--json']),
    ({ json }) => json.length === odd.length,
  );
  const { code, err } = await place.run(['events', '--format', 'csv', place.path('all.csv')]);
  assert.equal(code, 0, err);
  const [header = [], ...rows] = cellsOf(await place.read('all.csv'));
  const [body, component] = [header.indexOf('body'), header.indexOf('component')];
  const written = rows.map((row) => row[body]);
  assert.deepEqual(written, odd);
  assert.deepEqual(new Set(rows.map((row) => row[component])), new Set(['checkout']));
});

test('signals --features writes what detection counts per bucket and component', async (t) => {
  const place = await shop(t, {});
  assert.equal(await sendLogs(place.otlpPort, ['a', 'b', 'c'], 'checkout'), 200);
  assert.equal(await sendLogs(place.otlpPort, ['d'], 'payment'), 200);
  const file = place.path('features.csv');
  const words = ['signals', '--features', file, '--bucket', '1h'];
  const { code, err } = await place.run(words);
  assert.equal(code, 0, err);
  const [header = [], ...rows] = cellsOf(await place.read('features.csv'));
  const logs = new Map<string, number>();
  for (const row of rows) {
    const name = row[header.indexOf('component')] ?? '';
    logs.set(name, (logs.get(name) ?? 0) + Number(row[header.indexOf('logs')]));
  }
  assert.deepEqual([logs.get('checkout'), logs.get('payment')], [3, 1]);
  assert.equal((await place.run([...words, '--bucket', 'soon'])).code, 2);
  assert.equal((await place.run(['signals', '--since', '1h'])).code, 2);
});

test('status is one screen: health, what is collected, what is missing', async (t) => {
  const place = await shop(t, { config: () => SHOP });
  assert.equal(await sendLogs(place.otlpPort, ['a', 'b', 'c'], 'checkout'), 200);
  const status = await until(
    'the records in the status',
    () => place.run(['status']),
    ({ out }) => /, 3 records, last /.test(out),
  );
  assert.equal(status.code, 0);
  assert.match(status.out, /^nothing to judge by(, 1 problem)?; no checkpoint yet$/m);
  assert.match(status.out, /^evidence +up, 3 records in 0 segments$/m);
  assert.match(status.out, /^coverage +0 of 2 components complete; see lastgood coverage$/m);
  const [document] = (await place.run(['status', '--json'])).json;
  assert.equal(at(document, 'health'), 'ok');
});

test('coverage names the component that does not send what it must', async (t) => {
  const place = await shop(t, { config: () => SHOP });
  assert.equal(await sendLogs(place.otlpPort, ['paid'], 'checkout'), 200);
  const { out, code } = await until(
    'the record in the coverage',
    () => place.run(['coverage']),
    (answer) => /last one/.test(answer.out),
  );
  assert.equal(code, 0);
  const lines = out.split('\n');
  const has = (begin: string, end: RegExp): boolean =>
    lines.some((line) => line.startsWith(begin) && end.test(line));
  assert.ok(has('checkout', /last one \d+ s ago$/), out);
  assert.ok(has('payment', /never +required, none received, since \d\d:\d\d/), out);
});

/** The cells of RFC 4180 text. */
function cellsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
