import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { makePlace, type Answer, type Place } from '../place/place.ts';
import type { Ended } from '../place/program.ts';
import { until } from '../place/until.ts';

/** A till whose drawer counts as data, beside another component. */
const till = ({ path }: Place, notify: string): string => `sources: []
components:
  - name: till
    state:
      - provider: command
        capture: [cat, "${path('drawer')}"]
        apply: [sh, -c, 'cat > "$0.new" && mv "$0.new" "$0"', "${path('drawer')}"]
        disruption: data-loss
  - { name: shop }
checkpoints: { schedule: false }
rollback: { confirmTimeout: 90s, gate: { samples: 1, interval: 200ms } }
notify: [ { kind: webhook, url: "${notify}" } ]
`;

/** A place whose drawer holds more than its checkpoint, with people who bear tokens. */
async function tillPlace(t: TestContext) {
  const notices: string[] = [];
  const hears = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      notices.push(text);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(hears, 'listening');
  t.after(() => hears.close());
  const bound = hears.address();
  const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/`;
  const place = await makePlace(t, { config: (made) => till(made, url) });
  await place.write('drawer', 'ten\n');
  await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  await place.write('drawer', 'ten and two\n');
  const person = async (name: string, ...words: readonly string[]) => {
    const made = await place.run(['token', 'create', '--name', name, ...words, '--json']);
    await place.write(name, textAt(made.json[0], 'token'));
    const says = (args: readonly string[], onLine?: (line: string) => void): Promise<Ended> =>
      place.run([...args, '--token-file', place.path(name)], onLine);
    const calls = (path: string, body?: object) =>
      place.api(path, body, textAt(made.json[0], 'token'));
    return { says, calls, id: `token:${textAt(made.json[0], 'id')}` };
  };
  return { place, notices, person, checkpoint: textAt(taken.json[0], 'id') };
}

test('what would lose data waits for an approver who did not ask for it', async (t) => {
  const { place, notices, person, checkpoint } = await tillPlace(t);
  const ann = await person('ann', '--role', 'approver');
  const bob = await person('bob', '--role', 'approver');
  const plan = await ann.calls('plans', { checkpoint, reason: 'the drawer' });
  const id = textAt(plan.body, 'id');
  const planHash = textAt(plan.body, 'planHash');
  let run = '';
  let token = '';
  let answers: Promise<readonly Ended[]> | undefined;
  let confirmed: Promise<Answer> | undefined;
  const end = await ann.says(['rollback', 'apply', id, '--json'], (line) => {
    const said: unknown = JSON.parse(line);
    run = String(at(said, 'run') ?? run);
    token = String(at(said, 'token') ?? token);
    if (at(said, 'state') === 'AWAITING_APPROVAL') {
      answers ??= (async () => {
        const own = await ann.calls(`runs/${run}/approve`, { planHash });
        const stale = await bob.calls(`runs/${run}/approve`, { planHash: 'another' });
        assert.equal(at(own.body, 'code'), 'LG_ROLLBACK_APPROVAL_NEEDED');
        assert.equal(at(stale.body, 'code'), 'LG_ROLLBACK_PLAN_STALE');
        const shown = await bob.says(['rollback', 'status', run]);
        const drawer = await place.read('drawer');
        assert.equal(drawer, 'ten and two\n', 'nothing is changed while it waits');
        return [shown, await bob.says(['rollback', 'approve', run])];
      })();
    }
    if (at(said, 'state') === 'AWAITING_CONFIRM') {
      confirmed ??= ann.calls(`runs/${run}/confirm`, { token, nonce: textAt(said, 'nonce') });
    }
  });
  const [shown, word] = (await answers) ?? [];
  assert.equal(word?.code, 0, word?.err);
  const risk = /risk till\/command holds data/;
  assert.match(word?.out ?? '', risk);
  for (const part of [risk, new RegExp(planHash), /lastgood rollback approve run_/]) {
    assert.match(shown?.out ?? '', part);
  }
  assert.equal((await confirmed)?.status, 200, JSON.stringify(await confirmed));
  assert.equal(end.code, 0, end.err);
  assert.equal(at(end.json.at(-1), 'approval', 'by'), bob.id);
  assert.equal(await place.read('drawer'), 'ten\n');
  await until('people were told', async () =>
    notices.some((text) => text.includes('waits for your word') && text.includes(planHash))
      ? true
      : undefined,
  );
  const audit = await place.api('audit');
  const words = listAt(audit.body, 'entries').filter(
    (entry) => at(entry, 'action') === 'run.approve',
  );
  assert.deepEqual(
    words.map((entry) => [at(entry, 'principal'), at(entry, 'outcome')]),
    [
      [ann.id, 'refused'],
      [bob.id, 'refused'],
      [bob.id, 'done'],
    ],
  );
});

test('an approver of other components is not heard', async (t) => {
  const { place, person, checkpoint } = await tillPlace(t);
  const ann = await person('ann', '--role', 'responder');
  const eve = await person('eve', '--role', 'approver', '--component', 'shop');
  const { body: plan } = await ann.calls('plans', { checkpoint, reason: 'the drawer' });
  const planHash = textAt(plan, 'planHash');
  const started = await ann.calls(`plans/${textAt(plan, 'id')}/apply`, { planHash });
  const run = textAt(started.body, 'run');
  for (const who of [eve, ann]) {
    const denied = await who.calls(`runs/${run}/approve`, { planHash });
    assert.deepEqual([denied.status, at(denied.body, 'code')], [403, 'LG_ACCESS_DENIED']);
    const mute = await who.calls(`runs/${run}/reject`, { reason: 'no' });
    assert.deepEqual([mute.status, at(mute.body, 'code')], [403, 'LG_ACCESS_DENIED']);
  }
  assert.equal(at((await eve.calls(`runs/${run}`)).body, 'state'), 'AWAITING_APPROVAL');
  assert.equal(await place.read('drawer'), 'ten and two\n');
});

test('a rejected run ends with the reason, and a broken glass is heard by everybody', async (t) => {
  const { place, notices, person, checkpoint } = await tillPlace(t);
  const ann = await person('ann', '--role', 'responder');
  const bob = await person('bob', '--role', 'approver');
  const plan = async () =>
    textAt((await ann.calls('plans', { checkpoint, reason: 'the drawer' })).body, 'id');
  let answer: Promise<Ended> | undefined;
  const words = ['--reason', 'two is a sale, ärgerlich'];
  const refused = await plan();
  const end = await ann.says(['rollback', 'apply', refused, '--json'], (line) => {
    const said: unknown = JSON.parse(line);
    if (at(said, 'state') !== 'AWAITING_APPROVAL') return;
    answer ??= bob.says(['rollback', 'reject', textAt(said, 'run'), ...words, '--json']);
  });
  assert.equal((await answer)?.code, 0);
  assert.equal(end.code, 5);
  assert.equal(at(end.json.at(-1), 'code'), 'LG_ROLLBACK_REJECTED');
  assert.equal(at(end.json.at(-1), 'why'), `rejected by ${bob.id}: two is a sale, ärgerlich`);
  const again = await ann.says(['rollback', 'apply', refused]);
  assert.match(again.err, /^error LG_ROLLBACK_REJECTED: plan \S+ was rejected in run_/);
  const alone = [await plan(), '--break-glass', 'nobody is awake – 🌙', '--json'];
  const kept = await ann.says(['rollback', 'apply', ...alone], (line) => {
    const said: unknown = JSON.parse(line);
    if (at(said, 'state') !== 'AWAITING_CONFIRM') return;
    void ann.calls(`runs/${textAt(said, 'run')}/cancel`, {});
  });
  assert.equal(at(kept.json.at(-1), 'state'), 'REVERTED');
  assert.ok(textAt(kept.json.at(-1), 'before').startsWith('cp_'), 'P was taken');
  assert.equal(await place.read('drawer'), 'ten and two\n');
  await until('everybody was told', async () =>
    notices.some(
      (text) => text.includes('breaking the glass') && text.includes('nobody is awake – 🌙'),
    )
      ? true
      : undefined,
  );
});
