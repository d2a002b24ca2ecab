import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { at, listAt, textAt } from '../../place/document.ts';
import { until } from '../../place/until.ts';
import { TwoRunners, type HostName } from '../../scenarios/hosts/two-runners.ts';
import { hostProgram } from '../host-program.ts';

/** How the clock of a host stands; undefined while nothing tells. */
async function clockOf(two: TwoRunners, host: HostName): Promise<unknown> {
  const { printed } = await two.run(['clocks']);
  return listAt(printed[0], 'clocks').find((one) => at(one, 'clock') === `host:${host}`);
}

test('the clocks of hosts are known by the answers of their runners', async (t) => {
  const faketime = hostProgram(t, 'faketime', 'faketime');
  if (faketime === undefined) return;
  const two = await TwoRunners.make(t);
  // Itself, faketime starts a child that would outlive it.
  const preload = execFileSync(faketime, ['-f', '+0s', 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  });
  const settings = ['FAKETIME=+0.35s', 'FAKETIME_DONT_FAKE_MONOTONIC=1'];
  await two.runner('fw', { under: ['env', `LD_PRELOAD=${preload.trim()}`, ...settings] });
  await two.runner('r1');
  await two.daemon();
  for (const [host, aheadMs] of [
    ['fw', 350],
    ['r1', 0],
  ] as const) {
    const known = await until(
      `the clock of ${host}`,
      () => clockOf(two, host),
      (one) => at(one, 'boundNs') !== undefined,
    );
    assert.equal(textAt(known, 'method'), 'exchanges');
    assert.equal(at(known, 'corrected'), aheadMs > 0);
    const wrongNs = Math.abs(Number(at(known, 'offsetNs')) - aheadMs * 1e6);
    assert.ok(wrongNs <= Number(at(known, 'boundNs')), JSON.stringify(known));
    assert.ok(Number(at(known, 'boundNs')) < 300e6, JSON.stringify(known));
  }
});
