import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { whenReady, type Daemon } from '../place/daemon.ts';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { sendLogs } from '../place/otlp.ts';
import { makePlace, type Place } from '../place/place.ts';
import { EXECUTABLE } from '../place/program.ts';
import { smallDiskOrSkip } from '../../src/testing/small-disk.ts';

const isRoot = process.getuid?.() === 0;

async function storedBodies(place: Place): Promise<readonly string[]> {
  const { body } = await place.api('timeline?limit=1000&order=arrival');
  return listAt(body, 'records').map((record) => textAt(record, 'body'));
}

test('a key that is missing or wrong is named, nothing is destroyed by trying', async (t) => {
  const place = await makePlace(t);
  const first = await place.up();
  assert.equal(await sendLogs(place.otlpPort, ['kept']), 200);
  const { body } = await place.api('status');
  const keyFile = textAt(body, 'keyFile');
  assert.equal((await first.stop()).code, 0);

  await fs.rename(keyFile, place.path('my-copy'));
  const missing = await place.run(['up']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^error LG_KEY_MISSING: .*is missing.*Put the key file back/ms);

  const other = await makePlace(t);
  const stranger = await other.up();
  const strangerKey = textAt((await other.api('status')).body, 'keyFile');
  await stranger.stop();
  await fs.copyFile(strangerKey, keyFile);
  const wrong = await place.run(['up']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /^error LG_KEY_WRONG: /m);

  await fs.rename(place.path('my-copy'), keyFile);
  const again = await place.up();
  assert.deepEqual(await storedBodies(place), ['kept']);
  assert.equal((await again.stop()).code, 0);
});

test('a disk that becomes read-only: told to senders, ingest goes on after', async (t) => {
  const disk = await smallDiskOrSkip(t, 64);
  if (disk === undefined) return;
  const place = await makePlace(t, { data: `${disk}/data` });
  const daemon = await place.up();
  assert.equal(await sendLogs(place.otlpPort, ['before']), 200);
  const remount = (how: string): void => {
    execFileSync('mount', ['-o', `remount,${how}`, disk], { stdio: 'pipe' });
  };
  // Files that are open for writing may keep a disk writable: the evidence process has one.
  let isReadOnly = false;
  try {
    remount('ro');
    isReadOnly = true;
  } catch (error) {
    assert.match(String(error), /busy/);
  }
  if (isReadOnly) {
    assert.equal(await sendLogs(place.otlpPort, ['refused']), 503);
    assert.equal((await place.api('health')).status, 200);
    remount('rw');
    await until(
      'ingest to go on',
      () => sendLogs(place.otlpPort, ['after']),
      (status) => status === 200,
    );
  }
  assert.equal((await daemon.stop()).code, 0);
  remount('ro');
  const refused = await place.run(['up']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /^error LG_[A-Z_]+: .*(EROFS|read-only)/m);
  remount('rw');
  const again = await place.up();
  assert.ok((await storedBodies(place)).includes('before'));
  assert.equal((await again.stop()).code, 0);
});

/** Starts a daemon by a shell that first changes its surroundings. */
function upBy(place: Place, words: readonly string[], script: string): Promise<Daemon> {
  const [program = 'sh', ...rest] = [...words, 'sh', '-c', `${script} && exec "$@"`, 'sh'];
  const args = [...rest, process.execPath, EXECUTABLE, 'up', '--data', place.data];
  const options = { cwd: place.root, env: place.env };
  return whenReady(spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Sends records, a thousand a request, each until it is acknowledged. */
async function sendAll(place: Place, requests: number): Promise<void> {
  for (let n = 0; n < requests; n += 1) {
    const some = Array.from({ length: 1_000 }, (_, line) => `record ${n * 1_000 + line}`);
    await until(
      `the acknowledgment of ${n}`,
      () => sendLogs(place.otlpPort, some),
      (status) => status === 200,
    );
  }
}

async function countOf(place: Place): Promise<number> {
  const { body } = await place.api('timeline/density?bucket=1d');
  return listAt(body, 'buckets').reduce((sum: number, one) => sum + Number(at(one, 'count')), 0);
}

test('eight megabytes of /dev/shm, as small containers have, are enough', async (t) => {
  if (!isRoot) {
    t.skip('a mount namespace of its own needs root');
    return;
  }
  const place = await makePlace(t, {
    config: () => 'sources: []\ncomponents: []\nstorage: { sealEvery: 2s }\n',
  });
  const small = 'mount -t tmpfs -o size=8m tmpfs /dev/shm';
  const daemon = await upBy(place, ['unshare', '--mount'], small);
  await sendAll(place, 40);
  await until(
    'all records',
    () => countOf(place),
    (count) => count === 40_000,
  );
  assert.equal((await place.api('timeline?limit=10&text=record%2039999')).status, 200);
  const { body } = await place.api('status');
  assert.equal(at(body, 'evidence', 'restarts'), 0);
  assert.equal((await daemon.stop()).code, 0);
});

test('a host without files in memory is told what to mount', async (t) => {
  if (!isRoot) {
    t.skip('a mount namespace of its own needs root');
    return;
  }
  const place = await makePlace(t);
  const disk = place.path('tmp');
  const hidden = `mount --bind ${disk} /dev/shm && mount --bind ${disk} /run`;
  const out = await new Promise<string>((resolve) => {
    const args = ['--mount', 'sh', '-c', `${hidden} && exec "$@"`, 'sh', process.execPath];
    const child = spawn('unshare', [...args, EXECUTABLE, 'up', '--data', place.data], {
      cwd: place.root,
      env: place.env,
    });
    let text = '';
    const hear = (piece: Buffer): void => {
      text += piece.toString();
      if (text.includes('LG_STORE_NO_MEMORY_FILES')) child.kill();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => resolve(text));
  });
  assert.match(out, /LG_STORE_NO_MEMORY_FILES/);
});

/** A control group of memory of its own, and the file of its limit; undefined without one. */
async function memoryGroup(): Promise<{ folder: string; limit: string } | undefined> {
  for (const [root, limit] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const folder = `${root}/lastgood-test-${process.pid}`;
    try {
      await fs.mkdir(folder);
      await fs.access(`${folder}/${limit}`);
      return { folder, limit: `${folder}/${limit}` };
    } catch {
      await fs.rmdir(folder).catch(() => undefined);
    }
  }
  return undefined;
}

test('out of memory, the evidence process goes before the core, and nothing is lost', async (t) => {
  const group = isRoot ? await memoryGroup() : undefined;
  if (group === undefined) {
    t.skip('a limit of memory needs root and control groups');
    return;
  }
  t.after(() => fs.rmdir(group.folder).catch(() => undefined));
  await fs.writeFile(group.limit, String(320 * 1024 * 1024));
  const place = await makePlace(t, { config: () => 'sources: []\ncomponents: []\n' });
  const daemon = await upBy(place, [], `echo $$ > ${group.folder}/cgroup.procs`);
  const scoreOf = async (pid: number): Promise<number> =>
    Number(await fs.readFile(`/proc/${pid}/oom_score`, 'utf8'));
  const [core, evidence] = await Promise.all([daemon.pid, daemon.evidencePid()].map(scoreOf));
  assert.ok((evidence ?? 0) > (core ?? 0), `evidence ${evidence}, core ${core}`);
  await sendAll(place, 60);
  assert.equal((await place.api('health')).status, 200);
  await until(
    'all records',
    () => countOf(place),
    (count) => count >= 60_000,
  );
  const { body } = await place.api('status');
  t.diagnostic(`restarts of the evidence process: ${String(at(body, 'evidence', 'restarts'))}`);
  assert.equal((await daemon.stop()).code, 0);
});
