import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, processesOf, type Place } from '../place/place.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Files below the folders that hold a text, byte for byte. */
function filesWith(text: string, folders: readonly string[]): readonly string[] {
  const wanted = Buffer.from(text);
  return folders
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => holds(path, wanted))
    .toSorted();
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    // Gone while we looked: it holds nothing any more.
    return [];
  }
}

function holds(path: string, wanted: Buffer): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    let tail = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const bytes = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (bytes === 0) return false;
      const window = Buffer.concat([tail, chunk.subarray(0, bytes)]);
      if (window.includes(wanted)) return true;
      tail = window.subarray(-wanted.length);
    }
  } finally {
    closeSync(file);
  }
}

const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('elsewhere', 'etc')}"] } ]
checkpoints: { schedule: false, soak: 1s }
storage: { sealEvery: 2s }
`;

test('a planted secret is in no file: ingest, seal, query, checkpoint, death', async (t) => {
  const place = await makePlace(t, { config: shop });
  // Twice: one comes as a record, the other as the content of a captured file.
  const inLog = `secret-${randomBytes(12).toString('hex')}`;
  const inFile = `secret-${randomBytes(12).toString('hex')}`;
  await place.write('elsewhere/etc/app.conf', `password = ${inFile}\n`);
  const folders = [place.data, place.root, place.path('tmp'), '/dev/shm', process.cwd()];
  const skipped = new Set([place.path('elsewhere', 'etc', 'app.conf')]);
  const search = (): readonly string[] =>
    [...filesWith(inLog, folders.slice(0, 4)), ...filesWith(inFile, folders.slice(0, 4))].filter(
      (path) => !skipped.has(path),
    );
  let daemon = await place.up();
  assert.deepEqual(filesWith(inFile, [place.root]), [...skipped], 'the search finds what is there');

  for (let line = 0; line < 20; line += 1) {
    assert.equal(await sendLogs(place.otlpPort, [`line ${line} ${inLog}`]), 200);
  }
  assert.deepEqual(search(), [], 'after ingest, hot and in the log');
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  assert.deepEqual(search(), [], 'after the checkpoint');

  const sealed = await until(
    'a sealed segment',
    async () => {
      const found = search();
      const page = await place.api(`timeline?text=${inLog}`);
      assert.equal(listAt(page.body, 'records').length, 20);
      assert.deepEqual(found, [], 'while it seals and answers');
      return at((await place.api('status')).body, 'store', 'segments');
    },
    (segments) => Number(segments) > 0,
  );
  assert.ok(Number(sealed) > 0);
  const page = await place.api(`timeline?text=${inLog}`);
  assert.equal(listAt(page.body, 'records').length, 20, 'it is found in the segment');
  assert.deepEqual(search(), [], 'after a query over the segment');

  await sendLogs(place.otlpPort, [`last ${inLog}`]);
  const evidence = daemon.evidencePid();
  await daemon.kill();
  try {
    process.kill(evidence, 'SIGKILL');
  } catch {
    // It had ended with its core already.
  }
  await until(
    'the end of all processes',
    async () => processesOf(place.root),
    (pids) => pids.length === 0,
  );
  assert.deepEqual(search(), [], 'after kill -9 of both processes');
  daemon = await place.up();
  assert.equal(listAt((await place.api(`timeline?text=${inLog}`)).body, 'records').length, 21);

  await fs.writeFile(place.path('elsewhere', 'etc', 'app.conf'), 'password = changed\n');
  const plan = await place.api('plans', {
    checkpoint: textAt(taken.json[0], 'id'),
    reason: 'test',
  });
  assert.equal(plan.status, 200);
  assert.doesNotMatch(JSON.stringify(plan.body), new RegExp(inFile), 'a plan shows no password');
  assert.equal((await daemon.stop()).code, 0);
  assert.deepEqual(search(), [], 'after the end');
  assert.doesNotMatch(daemon.notes(), /secret-/);
});
