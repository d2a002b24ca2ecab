import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import type { Place } from '../place/place.ts';
import { until } from '../place/until.ts';
import {
  BAD,
  confirm,
  CRON,
  findings,
  go,
  goBad,
  GOOD,
  reach,
  rollBack,
  stage,
  stop,
  SYNC,
  TERMINAL,
  words,
  writers,
} from './paused-writers/stage.ts';

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
