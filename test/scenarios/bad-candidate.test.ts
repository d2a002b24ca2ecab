import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/base/log.ts';
import { unwrap } from '../../src/base/result.ts';
import { tellOfEndedRuns, tellOfRun } from '../../src/daemon/after-run.ts';
import type { ProbeColor } from '../../src/model/health/verdict.ts';
import { Catalogue } from '../../src/recovery/checkpoint/catalogue.ts';
import { manifestOf } from '../../src/recovery/checkpoint/testdata/manifest.ts';
import { Incidents } from '../../src/recovery/incident/incidents.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

const at = '2026-11-21T02:00:10Z';

/** A shop with a good checkpoint to go back to, whose guard has these colors round by round. */
async function shopWithTarget(colorOf: (round: number) => ProbeColor) {
  const shop = new CalmShop();
  let round = 0;
  const see = (): ProbeColor => colorOf((round += 1));
  shop.change = () => ({
    sample: async (checks) => {
      const color = see();
      return checks.map(({ check, component }) => ({ check, component, color, seen: color }));
    },
  });
  shop.boot();
  const store = shop.store.forProcess(() => true);
  const clock = shop.clock.forProcess(() => true);
  const catalogue = new Catalogue(store, () => 1_000);
  const target = unwrap(await catalogue.seal(manifestOf({})));
  const readBack = { kind: 'read-back', at, ok: true, why: 'read' } as const;
  const soaked = { kind: 'soak-ended', at, healthy: true, why: 'well' } as const;
  unwrap(await catalogue.add(target, [readBack, soaked]));
  const plan = shop.plan({
    target: { id: target, status: 'good', takenAt: '' },
    gate: { samples: 5, intervalMs: 1_000 },
  });
  const { run, token } = await shop.start(plan);
  const incidents = new Incidents({
    store,
    clock,
    random: (length) => shop.random.bytes(length),
    log: silentLog,
    tell: () => undefined,
    links: () => [],
    onTrouble: () => undefined,
  });
  /** What a process hears that has just read the checkpoints from the store. */
  const core = async () => {
    const read = new Catalogue(store, () => 1_000);
    unwrap(await read.load());
    const checkpoints = { catalogue: read, fingerprints: async () => ({}) };
    return { clock, incidents, rollbacks: shop.daemon, checkpoints };
  };
  const candidacies = async () =>
    (await core()).checkpoints.catalogue
      .facts(target)
      .filter(({ kind }) => kind === 'bad-candidate');
  return { shop, target, run, token, core, candidacies };
}

test('a run that harmed makes its target a bad candidate: once, also after a crash', async () => {
  const { shop, target, run, core, candidacies } = await shopWithTarget((round) =>
    round === 1 ? 'green' : 'red',
  );
  const end = await shop.reach(run, 'REVERTED');
  assert.deepEqual(await candidacies(), [], 'killed before it was told');
  await tellOfEndedRuns(await core(), () => undefined);
  await tellOfEndedRuns(await core(), () => undefined);
  await tellOfRun(await core(), end);
  assert.equal((await candidacies()).length, 1);
  const { status, statusReason } = unwrap((await core()).checkpoints.catalogue.view(target));
  assert.equal(status, 'suspect');
  const words = `^going back to it in ${run} harmed: .*healthy before is not: shop up: red$`;
  assert.match(statusReason, new RegExp(words));
});

test('canceled, expired, or kept beside a red guard: nothing is said of the target', async () => {
  const calm = () => shopWithTarget(() => 'green');
  const canceled = await calm();
  await canceled.shop.reach(canceled.run, 'AWAITING_CONFIRM');
  await canceled.shop.wait(canceled.shop.daemon.cancel(canceled.run, 'ann'));
  const expired = await calm();
  // Red for fewer rounds than turn it back, after which somebody keeps it all the same.
  let isRed = false;
  let redRounds = 0;
  const kept = await shopWithTarget(() => {
    redRounds += isRed ? 1 : 0;
    return isRed ? 'red' : 'green';
  });
  const { nonce = '' } = await kept.shop.reach(kept.run, 'AWAITING_CONFIRM');
  isRed = true;
  await kept.shop.until(() => redRounds === 2);
  const { daemon } = kept.shop;
  const answer = await kept.shop.wait(daemon.confirm(kept.run, kept.token, nonce, 'ann'));
  assert.equal(codeOf(answer), undefined);
  for (const [{ shop, run, core, candidacies }, state] of [
    [canceled, 'REVERTED'],
    [expired, 'REVERTED'],
    [kept, 'COMMITTED'],
  ] as const) {
    const end = await shop.reach(run, state);
    assert.equal(end.harmed, state === 'COMMITTED' ? true : undefined);
    await tellOfRun(await core(), end);
    assert.deepEqual(await candidacies(), []);
  }
});
