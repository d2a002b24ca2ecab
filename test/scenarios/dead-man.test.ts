import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { listAt, textAt } from '../place/document.ts';
import { listenForNotices } from '../place/notices.ts';
import { processesOf } from '../place/place.ts';
import { until } from '../place/until.ts';
import {
  BAD,
  begin,
  deadMen,
  GOOD,
  kill,
  TERMINAL,
  untilNoDeadMan,
  untilValue,
  writesOf,
} from './dead-man/trial.ts';

/** A run that waits for so long, and is given so much more: beyond where its dead-man fires. */
const [SHORT_MS, MORE_MS] = [15_000, 22_000];
/** Within so long a dead-man has looked at its deadline, and has begun to go back. */
const LOOKS_MS = 3_000;

// Each waits most of a minute for a deadline, and has a host of its own to do so.
describe('the dead-man', { concurrency: 3 }, () => {
  for (const state of ['APPLYING', 'AWAITING_CONFIRM']) {
    test(`kill -9 in ${state}, no restart: the host itself goes back in time`, async (t) => {
      const trial = await begin(t);
      await trial.reach(state);
      await trial.daemon.kill();
      if (state === 'AWAITING_CONFIRM') assert.equal(await trial.place.read('value'), GOOD);
      assert.equal(deadMen(trial.place).length, 1);
      const status = ['rollback', 'status', trial.run];
      assert.match((await trial.place.run(status)).err, /its dead-man, which watches, takes it/);
      await untilNoDeadMan(trial);
      assert.equal(await trial.place.read('value'), BAD);
      // Whoever looks before a daemon runs again is not told what was there before.
      const told = await trial.place.run(status);
      assert.match(told.err, /its dead-man has taken it back/);
      assert.match(told.out, /shop\/command {2}before {2}put back by its dead-man/);
      assert.doesNotMatch(told.out, /keep it|confirm/);
      // The next daemon finds everything as before and says so.
      trial.daemon = await trial.place.up();
      await trial.reach('REVERTED');
      assert.equal(await trial.place.read('value'), BAD);
    });
  }

  test('nothing of the daemon lives, no child either: the host still goes back', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    // All of it but the dead-man, each process by itself: a group of a terminal goes like this.
    for (const pid of processesOf(trial.place.root).filter((one) => one !== own)) kill(pid);
    await untilValue(trial, BAD);
    await untilNoDeadMan(trial);
    assert.equal(await writesOf(trial), 2);
  });

  test('killed before it is armed: the run ends at once, and nothing was changed', async (t) => {
    const trial = await begin(t);
    // Also the one that is started ahead, in whose place another is started.
    const end = await until(
      'the end of the run',
      async () => {
        deadMen(trial.place).forEach(kill);
        return trial.state();
      },
      (state) => TERMINAL.includes(String(state)),
    );
    assert.equal(end, 'ABORTED');
    const { body } = await trial.place.api(`runs/${trial.run}`);
    assert.match(textAt(body, 'why'), /the dead-man of \S+ ended before it was ready/);
    assert.equal(await trial.place.read('value'), BAD);
    assert.equal(existsSync(trial.place.path('writes')), false);
  });

  test('killed while it watches: replaced and told, and the host still goes back', async (t) => {
    const hook = await listenForNotices(t);
    const trial = await begin(t, undefined, `notify: [ { kind: webhook, url: "${hook.url}" } ]\n`);
    await trial.reach('APPLYING');
    const [first = 0] = deadMen(trial.place);
    kill(first);
    await trial.reach('AWAITING_CONFIRM');
    const [second = 0] = await until(
      'another dead-man',
      async () => deadMen(trial.place).filter((pid) => pid !== first),
      (found) => found.length > 0,
    );
    await until('that it is told', async () =>
      hook.said.find((text) => /has a new dead-man/.test(text)),
    );
    assert.deepEqual(deadMen(trial.place), [second], 'there is one, and not two');
    await trial.daemon.kill();
    await untilValue(trial, BAD);
    await untilNoDeadMan(trial);
    assert.equal(await writesOf(trial), 2);
  });

  test('a daemon stopped past the deadline wakes up, sees all is back and keeps off', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    const others = processesOf(trial.place.root).filter((one) => one !== own);
    for (const pid of others) process.kill(pid, 'SIGSTOP');
    await untilNoDeadMan(trial);
    assert.equal(await trial.place.read('value'), BAD);
    for (const pid of others) process.kill(pid, 'SIGCONT');
    await trial.reach('REVERTED');
    assert.equal(await trial.place.read('value'), BAD);
    assert.equal(await writesOf(trial), 2);
  });

  test('a dead-man stopped past the deadline goes back as soon as it wakes up', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    process.kill(own, 'SIGSTOP');
    await trial.daemon.kill();
    const due = performance.now() + 41_000;
    await until(
      'the deadline',
      async () => performance.now(),
      (now) => now > due,
    );
    assert.equal(await trial.place.read('value'), GOOD);
    process.kill(own, 'SIGCONT');
    await untilValue(trial, BAD);
    await untilNoDeadMan(trial);
  });

  test('a dead-man that slept through its being disarmed never writes again', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    process.kill(own, 'SIGSTOP');
    assert.equal(await trial.confirm(), 200);
    await trial.reach('COMMITTED');
    assert.equal(await trial.place.read('value'), GOOD);
    assert.deepEqual(deadMen(trial.place), []);
    assert.equal(await writesOf(trial), 1);
  });

  test('a daemon restarted in time takes over, and no timer is left in the end', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    await trial.daemon.kill();
    trial.daemon = await trial.place.up();
    await trial.reach('AWAITING_CONFIRM');
    assert.equal(deadMen(trial.place).length, 1);
    await until('a confirm that is taken', trial.confirm, (status) => status === 200);
    await trial.reach('COMMITTED');
    assert.deepEqual(deadMen(trial.place), []);
    assert.equal(await trial.place.read('value'), GOOD);
  });

  test('given more time it waits on; confirmed at the very deadline it is T or P', async (t) => {
    const trial = await begin(t, undefined, '', `${SHORT_MS / 1000}s`);
    await trial.reach('AWAITING_CONFIRM');
    const deadlineNow = async (): Promise<number> => {
      const { json } = await trial.place.run(['rollback', 'status', trial.run, '--json']);
      return Date.parse(textAt(json[0], 'deadline'));
    };
    const extend = (by: string, token = trial.token) =>
      trial.place.run(['rollback', 'extend', trial.run, '--token', token, '--by', by, '--json']);
    const first = textAt((await trial.place.api(`runs/${trial.run}`)).body, 'deadline');
    const given = await extend(`${MORE_MS / 1000}s`);
    assert.equal(given.code, 0, given.err);
    const deadline = await deadlineNow();
    assert.equal(deadline, Date.parse(first) + MORE_MS);
    const [extension] = listAt(given.json[0], 'extensions');
    assert.equal(Date.parse(textAt(extension, 'until')), deadline);
    const [guessed, tooMuch, farTooMuch] = await Promise.all([
      extend('1m', '0'.repeat(64)),
      extend('1h'),
      extend('2h'),
    ]);
    assert.equal(guessed.code, 4, guessed.err);
    assert.match(guessed.err, /^error LG_ROLLBACK_TOKEN_WRONG: /m);
    assert.equal(tooMuch.code, 4, tooMuch.err);
    const left = 3_600 - (SHORT_MS + MORE_MS) / 1000;
    const refusal = `LG_ROLLBACK_NOT_EXTENDED: run ${trial.run} can be given ${left} s more, not`;
    assert.match(tooMuch.err, new RegExp(`${refusal} 3600 s: .*, an hour after its first change`));
    assert.equal(farTooMuch.code, 2);
    assert.match(
      farTooMuch.err,
      /^error LG_RUNTIME_USAGE: say 1h or less, not --by 2h: no run wai/m,
    );
    assert.equal(await deadlineNow(), deadline, 'what is refused moves nothing');
    // By itself the dead-man fires after the deadline and as long again, once it looks.
    const firedBy = Date.parse(first) + SHORT_MS + LOOKS_MS;
    await until(
      'the time by which the dead-man would have fired',
      async () => Date.now(),
      (now) => now > firedBy,
    );
    assert.equal(await trial.state(), 'AWAITING_CONFIRM');
    assert.equal(deadMen(trial.place).length, 1);
    assert.equal(await writesOf(trial), 1, 'nobody has taken it back');
    await until(
      'the deadline',
      async () => Date.now(),
      (now) => now >= deadline - 50,
    );
    await trial.confirm();
    const end = await until('an end', trial.state, (now) => TERMINAL.includes(String(now)));
    const wanted = end === 'COMMITTED' ? GOOD : BAD;
    assert.ok(end === 'COMMITTED' || end === 'REVERTED', String(end));
    assert.equal(await trial.place.read('value'), wanted);
    assert.deepEqual(deadMen(trial.place), []);
  });
});
