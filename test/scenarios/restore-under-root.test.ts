import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { EXECUTABLE, type Ended } from '../place/program.ts';
import { at, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

const skip = process.getuid?.() === 0 ? false : 'SKIPPED: only root can give root up';

/** Health is as good as a file says, and asked slowly enough to be killed meanwhile. */
const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health: [ { command: [grep, -q, good, "${path('shop/a.conf')}"] } ]
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 60s, gate: { samples: 3, interval: 500ms } }
`;

/** A daemon that gave root up took a good checkpoint and is dead now; the service is bad. */
async function deadDaemon(t: TestContext): Promise<{ place: Place; checkpoint: string }> {
  const place = await makePlace(t, { config: shop });
  await fs.chmod(place.root, 0o755);
  await place.write('shop/a.conf', 'good\n');
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await place.write('shop/a.conf', 'bad\n');
  await daemon.kill();
  return { place, checkpoint: textAt(taken.json[0], 'id') };
}

async function undone(place: Place, run: string): Promise<Ended> {
  const confirms: Promise<Ended>[] = [];
  const ended = await place.run(['rollback', 'undo', run], (line) => {
    const [, command] = /keep it: +lastgood (.*)$/.exec(line) ?? [];
    if (command !== undefined && confirms.length === 0) {
      confirms.push(place.run(command.split(' ')));
    }
  });
  await Promise.all(confirms);
  return ended;
}

test('a restore by root is taken back, without a daemon and by one', { skip }, async (t) => {
  const { place, checkpoint } = await deadDaemon(t);
  const restore = async (target: string): Promise<unknown> => {
    const ended = await place.run(['restore', target, '--yes', '--json']);
    assert.equal(ended.code, 0, ended.out + ended.err);
    return ended.json.at(-1);
  };
  const first = await restore(checkpoint);
  // What was red before the run that it undoes is no reason to go back.
  const undo = await restore(textAt(first, 'before'));
  assert.equal(textAt(undo, 'undoOf'), textAt(first, 'run'));
  assert.equal(await place.read('shop/a.conf'), 'bad\n');

  const second = await restore(checkpoint);
  assert.equal(await place.read('shop/a.conf'), 'good\n');
  const daemon = await place.up();
  const core = await fs.stat(`/proc/${daemon.pid}`);
  assert.notEqual(core.uid, 0, 'the core gave root up');
  const back = await undone(place, textAt(second, 'run'));
  assert.equal(back.code, 0, back.out + back.err);
  assert.equal(await place.read('shop/a.conf'), 'bad\n');
});

test('a restore killed half-way is taken back by the daemon', { skip }, async (t) => {
  const { place, checkpoint } = await deadDaemon(t);
  let run = '';
  const killed = await place.run(['restore', checkpoint, '--yes', '--json'], (line, child) => {
    if (!line.includes('"VERIFYING"')) return;
    run = textAt(JSON.parse(line), 'run');
    child.kill('SIGKILL');
  });
  assert.equal(killed.code, null, killed.out + killed.err);
  assert.equal(await place.read('shop/a.conf'), 'good\n');
  await place.up();
  const ended = await until('the run ends', async () => {
    const { body } = await place.api(`runs/${run}`);
    return at(body, 'endedAt') === undefined ? undefined : body;
  });
  assert.equal(textAt(ended, 'state'), 'REVERTED', JSON.stringify(ended));
  assert.equal(await place.read('shop/a.conf'), 'bad\n');
});

test('a restore by the user of the core ends at once, and says who may', { skip }, async (t) => {
  const { place, checkpoint } = await deadDaemon(t);
  await fs.chmod(place.configFile, 0o644);
  const { uid, gid } = await fs.stat(place.data);
  assert.notEqual(uid, 0, 'the core gave root up');
  const words = ['restore', checkpoint, '--yes', '--data', place.data];
  const { status, stderr } = spawnSync(process.execPath, [EXECUTABLE, ...words], {
    cwd: place.root,
    env: place.env,
    uid,
    gid,
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  assert.equal(status, 2, stderr);
  const refusal = /^error LG_RUNTIME_DATA_UNUSABLE: .*\/host is another user's; run this as root/m;
  assert.match(stderr, refusal);
  assert.doesNotMatch(stderr, /RepeatedWorkError/);
});
