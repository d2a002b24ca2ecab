import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { at, listAt, textAt } from '../place/document.ts';
import { listenForNotices } from '../place/notices.ts';
import { sendLogs } from '../place/otlp.ts';
import { configText, makePlace, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';

/** A shop that fails while its one file says so, with one check that tells and one that guards. */
const shop = ({ path }: Place, notify: string, rollback: string): string => `sources: []
components:
  - name: shop
    state: [ { provider: files, paths: ["${path('shop')}"] } ]
    health:
      - { command: [grep, -q, good, "${path('shop/a.conf')}"] }
      - { command: [test, -e, "${path('healthy')}"] }
triggers:
  - { name: errors, signal: log-rate, component: shop, minSeverity: 17, window: 5s, above: 0.6,
      for: 0s, then: [incident] }
checkpoints: { schedule: false, soak: 1s }
rollback:
  confirmTimeout: 5m
  gate: { samples: 2, interval: 200ms }
  ${rollback}
notify: [ { kind: webhook, url: "${notify}" } ]
`;

const byItself = (delayed: string): string =>
  `automatic: { components: [shop], confidence: 0.6, delay: ${delayed} }`;

/** Says what a shop says of itself, ten times a second, as its file is. */
function talk(t: TestContext, place: Place): void {
  const ended = new AbortController();
  const going = (async () => {
    while (!ended.signal.aborted) {
      // The place is taken away before we are told to end.
      const words = await place.read('shop/a.conf').catch(() => undefined);
      if (words === undefined) return;
      const isGood = words === 'good\n';
      const bodies = isGood ? ['order 1 done'] : ['order 1 failed: no such shelf'];
      await sendLogs(place.otlpPort, bodies, 'shop', isGood ? 9 : 17);
      await delay(100);
    }
  })();
  t.after(async () => {
    ended.abort();
    await going;
  });
}

async function incidentOf(place: Place): Promise<unknown> {
  const open = listAt((await place.api('incidents')).body, 'incidents').filter(
    (one) => at(one, 'state') !== 'closed',
  );
  const [first] = open;
  return first === undefined
    ? undefined
    : (await place.api(`incidents/${textAt(first, 'id')}`)).body;
}

/** Breaks the shop and waits until a rollback by itself is announced. */
async function breakShop(place: Place): Promise<string> {
  await place.write('shop/a.conf', 'bad\n');
  const incident = await until(
    'an announcement',
    () => incidentOf(place),
    (found) => at(found, 'automatic', 'announced') !== undefined,
  );
  return textAt(incident, 'id');
}

/** Mends the shop by hand and closes its incident. */
async function mend(place: Place, incident: string): Promise<void> {
  await place.write('shop/a.conf', 'good\n');
  await until(
    'quiet',
    async () => (await place.api(`incidents/${incident}`)).body,
    (found) => listAt(found, 'firing').length === 0,
  );
  const closed = await place.run(['incident', 'close', incident, '--reason', 'mended by hand']);
  assert.equal(closed.code, 0, closed.err);
}

const runsOf = async (place: Place) => listAt((await place.api('runs')).body, 'runs');

const calledOff = (place: Place, incident: string): Promise<unknown> =>
  until(
    'that it was called off',
    async () =>
      at((await place.api(`incidents/${incident}`)).body, 'automatic', 'calledOff', 'why'),
    (why) => why !== undefined,
  );

test('a bad change is taken back by itself, announced, once, unless people say no', async (t) => {
  const heard = await listenForNotices(t);
  const place = await makePlace(t, { config: (made) => shop(made, heard.url, byItself('10m')) });
  await place.write('healthy', '');
  await place.write('shop/a.conf', 'good\n');
  let daemon = await place.up();
  talk(t, place);
  const taken = await place.run(['checkpoint', 'take', '--json']);
  const checkpoint = textAt(taken.json[0], 'id');
  await until(
    'a good checkpoint',
    async () => at((await place.api(`checkpoints/${checkpoint}`)).body, 'status'),
    (status) => status === 'good',
  );

  await t.test('the kill switch calls it off during the delay', async () => {
    const incident = await breakShop(place);
    const shown = await place.run(['incident', 'show', incident]);
    const words = /^shop goes back to cp_\w+ by itself in \d+ min, at .*UTC\)?, unless you:/m;
    assert.match(shown.out, words);
    const status = await place.run(['status']);
    assert.match(status.out, /^shop goes back to cp_\w+ by itself in \d+ min,/, 'it comes first');
    const off = await place.run(['rollback', 'automatic', 'off', '--reason', 'we look ourselves']);
    assert.equal(off.code, 0, off.err);
    assert.match(String(await calledOff(place, incident)), /switched off: we look ourselves/);
    assert.deepEqual(await runsOf(place), []);
    assert.equal(await place.read('shop/a.conf'), 'bad\n', 'nothing was changed');
    assert.equal((await place.run(['rollback', 'automatic', 'on'])).code, 0);
    await mend(place, incident);
  });

  await t.test(
    'a daemon that is killed during the delay calls it off when it is back',
    async () => {
      const incident = await breakShop(place);
      await daemon.kill();
      // From here on nobody has to be quick.
      await place.write('lastgood.yaml', configText(place, shop(place, heard.url, byItself('5s'))));
      daemon = await place.up();
      assert.match(String(await calledOff(place, incident)), /lastgood stopped during the delay/);
      assert.deepEqual(await runsOf(place), []);
      await mend(place, incident);
    },
  );

  await t.test('else it runs as a principal of its own, heals and confirms itself', async () => {
    const incident = await breakShop(place);
    const run = await until(
      'a run that has ended',
      async () => (await runsOf(place))[0],
      (found) => at(found, 'endedAt') !== undefined,
    );
    const seen = ['requestedBy', 'state', 'healed', 'decision', 'target', 'incident'] as const;
    assert.deepEqual(
      seen.map((member) => at(run, member)),
      ['automatic', 'COMMITTED', true, 'CONFIRM', checkpoint, incident],
    );
    assert.equal(await place.read('shop/a.conf'), 'good\n');
    await until(
      'the end of the incident',
      async () => at((await place.api(`incidents/${incident}`)).body, 'state'),
      (state) => state === 'closed',
    );
    const audit = listAt((await place.api('audit')).body, 'entries');
    const own = audit.filter((entry) => at(entry, 'principal') === 'automatic');
    assert.ok(
      own.some((entry) => at(entry, 'action') === 'plan.apply'),
      JSON.stringify(own),
    );
    await until(
      'the notices',
      async () => heard.said.join('\n'),
      (said) =>
        /Will roll back shop by itself at/.test(said) &&
        /Rollback run_\w+ began by itself/.test(said) &&
        /Rollback run_\w+, begun by itself, ended COMMITTED/.test(said),
    );
  });

  await t.test('breaking again is left to a person, with the reason', async () => {
    await place.write('shop/a.conf', 'bad\n');
    const incident = await until(
      'the reasons',
      () => incidentOf(place),
      (found) => JSON.stringify(at(found, 'automatic', 'reasons') ?? []).includes('by itself'),
    );
    const shown = await place.run(['incident', 'show', textAt(incident, 'id')]);
    assert.match(
      shown.out,
      /^not by itself: .*shop went back by itself for inc_\w+, its cool-down/m,
    );
    assert.equal((await runsOf(place)).length, 1);
    assert.equal(await place.read('shop/a.conf'), 'bad\n');
  });

  await t.test('where it may not keep itself anybody confirms it, also after a kill', async () => {
    const lines = [
      'onSilence: revert',
      '  automatic: { components: [shop], delay: 5s, coolDown: 1s }',
    ].join('\n');
    await place.write('lastgood.yaml', configText(place, shop(place, heard.url, lines)));
    process.kill(daemon.pid, 'SIGHUP');
    const waiting = await until(
      'a run that waits',
      async () => (await runsOf(place))[0],
      (found) => at(found, 'state') === 'AWAITING_CONFIRM',
    );
    const run = textAt(waiting, 'run');
    const shown = await place.run(['rollback', 'status', run]);
    assert.match(shown.out, /it began by itself, for inc_\w+: nobody asked for it/);
    await daemon.kill();
    await place.up();
    const confirmed = await place.run(['rollback', 'confirm', run]);
    assert.equal(confirmed.code, 0, confirmed.err);
    assert.match(confirmed.out, /COMMITTED +confirmed by /);
    assert.equal(await place.read('shop/a.conf'), 'good\n');
  });
});
