import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { at } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace } from '../place/place.ts';

test('what events --format parquet writes, another program reads', async (t) => {
  const place = await makePlace(t, {});
  // Started as root, the daemon becomes another user, who must be able to enter.
  await chmod(place.root, 0o755);
  await place.up();
  // More than one row group of the file.
  const bodies = Array.from({ length: 21_000 }, (_, i) => `Größe ${i}, "quoted"`);
  for (let from = 0; from < bodies.length; from += 1000) {
    assert.equal(await sendLogs(place.otlpPort, bodies.slice(from, from + 1000), 'checkout'), 200);
  }
  const file = place.path('all.parquet');
  const answer = await place.run(['events', '--format', 'parquet', file, '--json']);
  assert.deepEqual(answer.json, [{ file, format: 'parquet', records: bodies.length }], answer.err);

  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
    (await connection.runAndReadAll(sql)).getRows();
  const written = await read(`SELECT body, component FROM '${file}' ORDER BY time, id`);
  assert.deepEqual(new Set(written.map(([body]) => body)), new Set(bodies));
  assert.ok(written.every(([, component]) => component === 'checkout'));

  const newest = await until(
    'the newest record',
    () => place.run(['events', '--json', '--limit', '1']),
    ({ json }) => json.length === 1,
  );
  const [record] = newest.json;
  const [row = []] = await read(
    `SELECT epoch_us(time), severity, attributes, eventName FROM '${file}' ` +
      `WHERE id = '${String(at(record, 'id'))}'`,
  );
  assert.deepEqual(row, [
    microseconds(String(at(record, 'time'))),
    9n,
    JSON.stringify(at(record, 'attributes')),
    null,
  ]);
  connection.closeSync();
});

/** Of RFC 3339 with nine decimals, which this reader cuts to six. */
function microseconds(time: string): bigint {
  return BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26));
}
