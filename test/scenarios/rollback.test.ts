import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';
import type { Ended } from '../place/program.ts';

/** Files and the value behind a command; healthy while the flag says so. */
const shop = ({ path }: Place): string => `sources: []
components:
  - name: shop
    state:
      - { provider: files, paths: ["${path('shop')}"] }
      - provider: command
        capture: [cat, "${path('value')}"]
        apply: [sh, -c, 'cat > "$0.new" && mv "$0.new" "$0"', "${path('value')}"]
    health: [ { command: [test, -e, "${path('healthy')}"] } ]
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 90s, gate: { samples: 2, interval: 200ms } }
`;

async function set(place: Place, text: string): Promise<void> {
  await place.write('shop/a.conf', text);
  await place.write('value', text);
}

async function both(place: Place): Promise<readonly string[]> {
  return [await place.read('shop/a.conf'), await place.read('value')];
}

async function plan(place: Place, checkpoint: string): Promise<string> {
  const planned = await place.run(['rollback', 'plan', checkpoint, '--json']);
  assert.equal(planned.code, 0, planned.err);
  assert.equal(listAt(planned.json[0], 'steps').length, 2);
  return textAt(planned.json[0], 'id');
}

/** Applies a plan; `decide` is called once when the run waits for confirmation. */
function apply(
  place: Place,
  words: readonly string[],
  decide: (run: string, token: string) => void,
): Promise<Ended> {
  let token = '';
  let isAsked = false;
  return place.run(['rollback', ...words, '--json'], (line) => {
    const said: unknown = JSON.parse(line);
    const given = at(said, 'token');
    if (typeof given === 'string') token = given;
    if (at(said, 'state') !== 'AWAITING_CONFIRM' || isAsked) return;
    isAsked = true;
    decide(textAt(said, 'run'), token);
  });
}

test('a rollback does what it says, and its exit code says how it ended', async (t) => {
  const place = await makePlace(t, { config: shop });
  await place.write('healthy', '');
  await set(place, 'good\n');
  const daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  const checkpoint = textAt(taken.json[0], 'id');
  await set(place, 'bad\n');

  await t.test('a stale plan is refused and changes nothing: exit 4', async () => {
    const stale = await plan(place, checkpoint);
    await place.write('value', 'changed by somebody\n');
    const refused = await place.run(['rollback', 'apply', stale]);
    assert.equal(refused.code, 4, refused.err);
    assert.match(refused.err, /^error LG_ROLLBACK_PLAN_STALE: /m);
    assert.deepEqual(await both(place), ['bad\n', 'changed by somebody\n']);
    assert.deepEqual(listAt((await place.api('runs')).body, 'runs'), []);
    await place.write('value', 'bad\n');
  });

  await t.test('a canceled run goes back: exit 5', async () => {
    let canceled: Promise<Ended> | undefined;
    const ended = await apply(place, ['apply', await plan(place, checkpoint)], (run) => {
      canceled = place.run(['rollback', 'cancel', run]);
    });
    const told = await canceled;
    assert.equal(told?.code, 5, 'cancel follows the run to where it ended');
    assert.match(told?.out ?? '', /^\S+ +REVERTED +cancell?ed by /m);
    assert.equal(ended.code, 5, ended.err);
    assert.equal(textAt(ended.json.at(-1), 'state'), 'REVERTED');
    assert.deepEqual(await both(place), ['bad\n', 'bad\n']);
  });

  await t.test('a wrong token is refused (exit 4), the right one confirms: exit 0', async () => {
    const decided: Promise<Ended>[] = [];
    const ended = await apply(place, ['apply', await plan(place, checkpoint)], (run, token) => {
      const confirm = (given: string): Promise<Ended> =>
        place.run(['rollback', 'confirm', run, '--token', given]);
      const wrong = confirm('0'.repeat(64));
      const words = ['rollback', 'extend', run, '--token', token, '--by', '5m'];
      const longer = wrong.then(() => place.run(words));
      decided.push(
        wrong,
        longer.then(() => confirm(token)),
        longer,
      );
    });
    const [wrong, right, longer] = await Promise.all(decided);
    assert.equal(wrong?.code, 4, wrong?.err);
    assert.match(wrong?.err ?? '', /^error LG_ROLLBACK_TOKEN_WRONG: /m);
    assert.equal(longer?.code, 0, longer?.err);
    const more = /^ {2}given more time at \S+:\d\dZ by local admin: until \S+:\d\dZ$/m;
    assert.match(longer?.out ?? '', more);
    assert.equal(right?.code, 0, right?.err);
    assert.match(right?.out ?? '', /^\S+ +COMMITTED +confirmed by /m, 'only the end is an answer');
    assert.equal(ended.code, 0, ended.err);
    assert.equal(textAt(ended.json.at(-1), 'state'), 'COMMITTED');
    assert.deepEqual(await both(place), ['good\n', 'good\n']);
    const status = await place.run(['rollback', 'status', textAt(ended.json.at(-1), 'run')]);
    const refusal = /^ {2}confirm refused at \S+Z to local admin: LG_ROLLBACK_TOKEN_WRONG, the /m;
    assert.match(status.out, refusal);

    const undone = await apply(
      place,
      ['undo', textAt(ended.json.at(-1), 'run')],
      (run, token) => void place.run(['rollback', 'confirm', run, '--token', token]),
    );
    assert.equal(undone.code, 0, undone.err);
    assert.deepEqual(await both(place), ['bad\n', 'bad\n'], 'undo brings the state before');
  });

  await t.test('on hold nothing is written: exit 4', async () => {
    const held = await plan(place, checkpoint);
    const on = await place.run(['hold', 'on', '--reason', 'hands off']);
    assert.equal(on.code, 0, on.err);
    const refused = await place.run(['rollback', 'apply', held]);
    assert.equal(refused.code, 4);
    assert.match(refused.err, /^error LG_ROLLBACK_HOLD: /m);
    assert.deepEqual(await both(place), ['bad\n', 'bad\n']);
    assert.equal((await place.run(['hold', 'off', '--reason', 'done'])).code, 0);
  });

  await t.test(
    'what a colleague changed meanwhile stays, and the way on is planned from it',
    async () => {
      const ended = await apply(place, ['apply', await plan(place, checkpoint)], (run) => {
        const changed = place.write('shop/a.conf', 'by a colleague\n');
        void changed.then(() => place.run(['rollback', 'cancel', run]));
      });
      assert.equal(ended.code, 6, ended.err);
      const run = textAt(ended.json.at(-1), 'run');
      assert.match((await place.run(['hold', 'on'])).out, /^hold is on(?![^]*still armed)/);
      assert.equal((await place.run(['hold', 'off'])).code, 0);
      const stuck = await place.run(['rollback', 'resume', run, '--to', 'before']);
      assert.equal(stuck.code, 6, stuck.err);
      assert.match(
        stuck.out,
        /somebody else wrote 1 item\n.*\/a\.conf: changed, and not as before/,
      );
      const left = await place.run(['rollback', 'resume', run, '--to', 'target']);
      assert.equal(left.code, 0, left.err);
      const again = await place.run(['rollback', 'resume', run, '--to', 'before']);
      assert.match(again.err, /^error LG_ROLLBACK_DECIDED: .* was left as it is: to be finished/m);
      const way = / to be finished to cp_\w+ from here: lastgood rollback apply (plan_\w+);/m;
      const [, next = ''] = way.exec(left.out) ?? [];
      const finished = await apply(
        place,
        ['apply', next],
        (id, token) => void place.run(['rollback', 'confirm', id, '--token', token]),
      );
      assert.equal(finished.code, 0, finished.err);
      assert.deepEqual(await both(place), ['good\n', 'good\n']);
    },
  );

  await t.test('a provider that fails half-way is taken back: exit 5', async () => {
    await set(place, 'bad\n');
    // The value cannot be replaced while a folder lies where its new form is written.
    const failing = await plan(place, checkpoint);
    await place.write('value.new/in-the-way', '');
    const ended = await apply(place, ['apply', failing], () => undefined);
    assert.equal(ended.code, 5, ended.out);
    assert.equal(textAt(ended.json.at(-1), 'state'), 'REVERTED');
    assert.deepEqual(await both(place), ['bad\n', 'bad\n']);
  });

  await t.test('everything stands in an audit log whose chain holds', async () => {
    const verified = await place.run(['audit', '--verify', '--json']);
    assert.equal(verified.code, 0, verified.err);
    await until(
      'the last entry',
      () => place.run(['audit', '--json']),
      ({ out }) => out.includes('hold.set') && out.includes('LG_ROLLBACK_TOKEN_WRONG'),
    );
    assert.equal((await daemon.stop()).code, 0);
  });
});
