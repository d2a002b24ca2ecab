import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace } from '../place/place.ts';
import { fillDisk, smallDiskOrSkip } from '../../src/testing/small-disk.ts';

test('a full disk: nothing acknowledged is lost, recovery answers, and it goes on', async (t) => {
  const disk = await smallDiskOrSkip(t, 12);
  if (disk === undefined) return;
  const data = join(disk, 'data');
  const place = await makePlace(t, { data });
  let daemon = await place.up();
  const acknowledged: string[] = [];
  const send = async (mark: string): Promise<number> => {
    const line = `${mark} ${acknowledged.length}`;
    const status = await sendLogs(place.otlpPort, [line]);
    if (status === 200) acknowledged.push(line);
    return status;
  };
  const stored = async (): Promise<ReadonlySet<string>> => {
    const page = await place.api('timeline?limit=10000&order=oldest');
    assert.equal(page.status, 200, JSON.stringify(page.body));
    return new Set(listAt(page.body, 'records').map((record) => textAt(record, 'body')));
  };
  const judge = async (): Promise<void> => {
    const found = await stored();
    assert.deepEqual(
      acknowledged.filter((line) => !found.has(line)),
      [],
    );
  };
  for (let n = 0; n < 20; n += 1) assert.equal(await send('before'), 200);

  let free = await fillDisk(disk);
  const refused = await until(
    'an error answer',
    () => send('full'),
    (status) => status !== 200,
  );
  assert.ok(refused === 503 || refused === 507 || refused === 429, `it answered ${refused}`);
  const health = await place.api('health');
  assert.equal(health.status, 200, 'the recovery plane answers');
  assert.equal((await place.api('status')).status, 200);
  assert.equal((await place.api('checkpoints')).status, 200);
  await judge();
  await daemon.kill();

  await free();
  daemon = await place.up();
  await judge();
  assert.equal(await send('after'), 200);
  free = await fillDisk(disk);
  await until(
    'an error answer',
    () => send('full again'),
    (status) => status !== 200,
  );
  await free();
  const status = await until(
    'ingest to go on by itself',
    () => send('freed'),
    (now) => now === 200,
  );
  assert.equal(status, 200);
  await judge();
  assert.equal((await daemon.stop()).code, 0);
});
