import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { at, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { configText, makePlace, type Place } from '../place/place.ts';

/** A value whose provider is slow while a file says so: every state of a run lasts a while. */
const slowShop = ({ path }: Place): string => {
  const value = path('value');
  const capture = `if test -e ${path('slow')}; then sleep 0.7; fi; cat ${value}`;
  const apply = `sleep 0.7; cat > ${value}.new && mv ${value}.new ${value}`;
  return `sources: []
components:
  - name: shop
    state:
      - provider: command
        capture: ${JSON.stringify(['sh', '-c', capture])}
        apply: ${JSON.stringify(['sh', '-c', apply])}
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 120s, gate: { samples: 3, interval: 300ms } }
`;
};

async function stateOf(place: Place, run: string): Promise<unknown> {
  return at((await place.api(`runs/${run}`)).body, 'state');
}

const TERMINAL = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'];

/**
 * In which state the daemon is killed, whether its next start finds the component of the run out
 * of the configuration, and how the run may end then.
 */
const KILLS = [
  { at: 'PREPARING', removed: false, ends: ['ABORTED'] },
  { at: 'APPLYING', removed: true, ends: ['REVERTED'] },
  { at: 'VERIFYING', removed: false, ends: ['REVERTED'] },
  { at: 'AWAITING_CONFIRM', removed: true, ends: ['COMMITTED'] },
  { at: 'COMMITTING', removed: false, ends: ['COMMITTED'] },
  { at: 'REVERTING', removed: false, ends: ['REVERTED'] },
] as const;

/** The configuration of the next start without the component, and with it again. */
async function configure(place: Place, isThere: boolean): Promise<void> {
  const whole = configText(place, slowShop(place));
  const without = whole.replace(/components:[^]*?(?=checkpoints:)/, '');
  await fs.writeFile(place.configFile, isThere ? whole : without);
}

test('a daemon killed in any state of a run ends it truthfully at its next start', async (t) => {
  const place = await makePlace(t, { config: slowShop });
  await place.write('value', 'good\n');
  let daemon = await place.up();
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  const checkpoint = textAt(taken.json[0], 'id');

  for (const kill of KILLS) {
    await t.test(`kill -9 in ${kill.at}`, async () => {
      await fs.rm(place.path('slow'), { force: true });
      await place.write('value', `bad at ${kill.at}\n`);
      const plan = await place.api('plans', { checkpoint, reason: 'test' });
      assert.equal(plan.status, 200, JSON.stringify(plan.body));
      await place.write('slow', '');
      const started = await place.api(`plans/${textAt(plan.body, 'id')}/apply`, {
        planHash: textAt(plan.body, 'planHash'),
      });
      const run = textAt(started.body, 'run');
      const token = textAt(started.body, 'token');
      const reach = (state: string): Promise<unknown> =>
        until(
          `${state} of ${run}`,
          () => stateOf(place, run),
          (now) => now === state || TERMINAL.includes(String(now)),
        );
      const confirm = async (): Promise<void> => {
        const { nonce = 'none' } = { ...Object((await place.api(`runs/${run}`)).body) };
        const told = await place.api(`runs/${run}/confirm`, { token, nonce });
        assert.equal(told.status, 200, JSON.stringify(told.body));
      };
      if (kill.at === 'COMMITTING' || kill.at === 'REVERTING') {
        await reach('AWAITING_CONFIRM');
        if (kill.at === 'COMMITTING') await confirm();
        else await place.api(`runs/${run}/cancel`, {});
      }
      const seen = await reach(kill.at);
      await daemon.kill();
      assert.equal(seen, kill.at);
      if (kill.removed) await configure(place, false);
      daemon = await place.up();
      if (kill.at === 'AWAITING_CONFIRM') {
        await reach('AWAITING_CONFIRM');
        const status = JSON.stringify((await place.api('status')).body);
        assert.match(status, /shop\/command is not in the configuration any more/);
        await until(
          'a confirm that is taken',
          () => confirm().then(() => true),
          () => true,
        );
      }
      const end = await until(
        `the end of ${run}`,
        () => stateOf(place, run),
        (now) => TERMINAL.includes(String(now)),
      );
      assert.ok(
        kill.ends.some((one) => one === end),
        `${run} ended ${String(end)}`,
      );
      const wanted = end === 'COMMITTED' ? 'good\n' : `bad at ${kill.at}\n`;
      assert.equal(await place.read('value'), wanted, `it says ${String(end)}`);
      if (!kill.removed) return;
      const known = async (): Promise<string> =>
        JSON.stringify((await place.api('components')).body);
      assert.doesNotMatch(await known(), /"shop"/, 'the run ended without its component');
      await configure(place, true);
      process.kill(daemon.pid, 'SIGHUP');
      await until('the component', known, (text) => text.includes('"shop"'));
    });
  }
  assert.equal((await daemon.stop()).code, 0);
});
