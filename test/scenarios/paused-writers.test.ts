import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import type { Daemon } from '../place/daemon.ts';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

const GOOD = 'good\n';
const BAD = 'bad\n';

/** Rewrites a file again and again from what it holds to be right, as a git sync does. */
const SYNC = `while :; do
  cat "$1/upstream" > "$1/value.sync" && mv "$1/value.sync" "$1/value"
  sleep 0.1
done`;

/** Writes each time it has the lock, as a cron job does that honors it. */
const CRON = `while :; do
  cd "$1" && flock lock sh -c 'cat upstream > value.cron && mv value.cron value'
  sleep 0.05
done`;

/** A value that is captured slowly on demand, so that a run is met while it prepares. */
function shop({ root }: Place, more: string, confirmTimeout: string): string {
  const capture = `if test -e ${root}/slow; then sleep 60; fi; cat ${root}/value`;
  const apply = `cat > ${root}/value.new && mv ${root}/value.new ${root}/value`;
  return `sources: []
components:
  - name: shop
    state:
      - provider: command
        capture: ${JSON.stringify(['sh', '-c', capture])}
        apply: ${JSON.stringify(['sh', '-c', apply])}
${more}
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: ${confirmTimeout}, gate: { samples: 1, interval: 300ms } }
`;
}

const words = (text: string): string => JSON.stringify(['sh', '-c', text]);
const stop = ({ root }: Place): string => words(`kill -STOP $(cat ${root}/pid)`);
const go = ({ root }: Place): string => words(`kill -CONT $(cat ${root}/pid)`);
const stopped = ({ root }: Place): string =>
  words(`grep -q '^State:.T' /proc/$(cat ${root}/pid)/status`);

const writers = (place: Place): string => {
  const asked = `paused: ${stopped(place)}`;
  return `    writers: [{ name: sync, pause: ${stop(place)}, resume: ${go(place)}, ${asked} }]`;
};

interface Stage {
  readonly place: Place;
  readonly pid: number;
  daemon: Daemon;
  isPaused(): boolean;
  untilPaused(wanted: boolean): Promise<void>;
}

/** A place whose value somebody else writes, too, by the words of a shell. */
async function stage(
  t: TestContext,
  more: (place: Place) => string,
  script: string,
  confirmTimeout = '90s',
): Promise<Stage> {
  const place = await makePlace(t, { config: (made) => shop(made, more(made), confirmTimeout) });
  await place.write('upstream', GOOD);
  await place.write('value', GOOD);
  const writer = spawn('sh', ['-c', script, 'writer', place.root], {
    stdio: 'ignore',
    env: place.env,
  });
  const pid = writer.pid ?? 0;
  await place.write('pid', `${pid}\n`);
  const isPaused = (): boolean => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    place,
    pid,
    daemon: await place.up(),
    isPaused,
    async untilPaused(wanted) {
      await until(
        wanted ? 'the pause' : 'that it goes on',
        async () => isPaused(),
        (is) => is === wanted,
      );
    },
  };
}

/** Takes a checkpoint of the good value; then the writer takes the bad one for right. */
async function goBad({ place }: Stage): Promise<string> {
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await place.write('upstream', BAD);
  await until(
    'the bad value',
    () => place.read('value'),
    (value) => value === BAD,
  );
  return textAt(taken.json[0], 'id');
}

interface Started {
  readonly run: string;
  readonly token: string;
}

async function rollBack({ place }: Stage, checkpoint: string): Promise<Started> {
  const plan = await place.api('plans', { checkpoint, reason: 'test' });
  assert.equal(plan.status, 200, JSON.stringify(plan.body));
  const { planHash, id } = { planHash: textAt(plan.body, 'planHash'), id: textAt(plan.body, 'id') };
  const started = await place.api(`plans/${id}/apply`, { planHash });
  assert.equal(started.status, 200, JSON.stringify(started.body));
  return { run: textAt(started.body, 'run'), token: textAt(started.body, 'token') };
}

const TERMINAL = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'];

async function reach({ place }: Stage, run: string, wanted: string): Promise<unknown> {
  const view = await until(
    `${wanted} of ${run}`,
    async () => (await place.api(`runs/${run}`)).body,
    (now) => at(now, 'state') === wanted || TERMINAL.includes(String(at(now, 'state'))),
  );
  assert.equal(at(view, 'state'), wanted, JSON.stringify(view));
  return view;
}

async function confirm(on: Stage, { run, token }: Started): Promise<void> {
  const view = await reach(on, run, 'AWAITING_CONFIRM');
  const nonce = textAt(view, 'nonce');
  const said = await on.place.api(`runs/${run}/confirm`, { token, nonce });
  assert.equal(said.status, 200, JSON.stringify(said.body));
}

async function findings({ place }: Stage): Promise<readonly unknown[]> {
  return listAt((await place.api('doctor')).body, 'findings').filter(
    (one) => at(one, 'area') === 'pause',
  );
}

describe('whoever else writes a state', { concurrency: 2 }, () => {
  test('stands still while a rollback runs, and goes on when it is confirmed', async (t) => {
    const on = await stage(t, writers, SYNC);
    const started = await rollBack(on, await goBad(on));
    await reach(on, started.run, 'AWAITING_CONFIRM');
    assert.ok(on.isPaused());
    assert.equal(await on.place.read('value'), GOOD);
    const [told] = await findings(on);
    assert.match(JSON.stringify(told), /sync.*paused for run_/);
    await confirm(on, started);
    await reach(on, started.run, 'COMMITTED');
    assert.ok(!on.isPaused());
  });

  test('writes over a rollback that does not name it, which then says so', async (t) => {
    const on = await stage(t, () => '', SYNC, '10s');
    const { run } = await rollBack(on, await goBad(on));
    const view = await until(
      'an end',
      async () => (await on.place.api(`runs/${run}`)).body,
      (now) => TERMINAL.includes(String(at(now, 'state'))),
    );
    assert.notEqual(at(view, 'state'), 'COMMITTED');
    assert.equal(await on.place.read('value'), BAD);
  });

  test('goes on once the daemon is back that was killed while it prepared', async (t) => {
    const on = await stage(t, writers, SYNC);
    const checkpoint = await goBad(on);
    const { run } = await rollBack(on, checkpoint);
    await on.untilPaused(true);
    writeFileSync(on.place.path('slow'), '');
    await on.daemon.kill();
    rmSync(on.place.path('slow'));
    assert.ok(on.isPaused());
    on.daemon = await on.place.up();
    await until(
      'an end',
      async () => (await on.place.api(`runs/${run}`)).body,
      (now) => TERMINAL.includes(String(at(now, 'state'))),
    );
    assert.ok(!on.isPaused());
    assert.deepEqual(
      (await findings(on)).map((one) => at(one, 'ok')),
      [true],
    );
  });

  test('goes on when a dead-man has taken the run back', async (t) => {
    const on = await stage(t, writers, SYNC, '10s');
    const { run } = await rollBack(on, await goBad(on));
    await reach(on, run, 'AWAITING_CONFIRM');
    await on.daemon.kill();
    assert.ok(on.isPaused());
    await on.untilPaused(false);
    assert.equal(await on.place.read('value'), BAD);
  });

  test('waits for the lock it honors, which nobody holds once the run is over', async (t) => {
    const on = await stage(t, ({ root }) => `    writers: [{ lock: ${root}/lock }]`, CRON);
    const started = await rollBack(on, await goBad(on));
    await confirm(on, started);
    await reach(on, started.run, 'COMMITTED');
    await until(
      'what it writes as soon as it may',
      () => on.place.read('value'),
      (value) => value === BAD,
    );
  });

  test('is told of when it cannot be let go on, with what lets it', async (t) => {
    const broken = (place: Place): string => {
      const resume = words(`test -e ${place.root}/mended && kill -CONT $(cat ${place.root}/pid)`);
      return `    writers: [{ name: sync, pause: ${stop(place)}, resume: ${resume} }]`;
    };
    const on = await stage(t, broken, SYNC);
    const started = await rollBack(on, await goBad(on));
    await confirm(on, started);
    const view = await reach(on, started.run, 'COMMITTED');
    assert.match(JSON.stringify(at(view, 'byHand')), /sync may still be paused.*kill -CONT/);
    const [told] = await findings(on);
    assert.equal(at(told, 'ok'), false);
    assert.match(textAt(told, 'mend'), /let it go on: sh -c .*kill -CONT/);
    const status = await on.place.api('status');
    assert.match(JSON.stringify(at(status.body, 'problems')), /sync: still paused/);
  });
});

describe('a component that is frozen while it is captured', { concurrency: 2 }, () => {
  const limited = (limit: string) => (place: Place) =>
    `    quiesce: { freeze: ${stop(place)}, thaw: ${go(place)}, limit: ${limit} }`;
  const hooks = limited('2s');

  test('is captured at a point in time, which takes and tells how long', async (t) => {
    const on = await stage(t, limited('30s'), SYNC);
    const taken = await on.place.run(['checkpoint', 'take', '--json']);
    assert.equal(taken.code, 0, taken.err);
    assert.equal(at(taken.json[0], 'manifest', 'consistency'), 'L3');
    const [frozen] = listAt(taken.json[0], 'manifest', 'quiesced');
    assert.equal(at(frozen, 'component'), 'shop');
    assert.ok(Number(at(frozen, 'ms')) > 0);
    assert.ok(!on.isPaused());
  });

  test('goes on within its limit when the daemon is killed in between', async (t) => {
    const on = await stage(t, hooks, SYNC);
    writeFileSync(on.place.path('slow'), '');
    const taking = on.place.run(['checkpoint', 'take', '--json']);
    await on.untilPaused(true);
    await on.daemon.kill();
    assert.ok(on.isPaused());
    await on.untilPaused(false);
    await taking;
  });

  test('goes on within its limit when its capture takes longer', async (t) => {
    const on = await stage(t, hooks, SYNC);
    const capture = on.place.path('slow');
    writeFileSync(capture, '');
    const taking = on.place.run(['checkpoint', 'take', '--json']);
    await on.untilPaused(true);
    await on.untilPaused(false);
    assert.ok(existsSync(capture));
    await on.daemon.kill();
    assert.notEqual((await taking).code, 0);
  });
});
