import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NTP_COMMANDS } from './ntp-reading.ts';

const [chrony, ntpq] = NTP_COMMANDS.map(({ read }) => read);

/** What chrony 4.3 really said of a clock that was a quarter of a second slow. */
const SLOW =
  '7F000001,127.0.0.1,4,1795275144.096590463,0.249999017,-0.000000048,0.000001133,' +
  '-0.087,-0.003,0.208,0.000004855,0.000001750,1.0,Normal\n';

const RV =
  'associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,\n' +
  'version="ntpd ntpsec-1.2.2", processor="x86_64", system="Linux/6.1", leap=00, stratum=2,\n' +
  'precision=-24, rootdelay=12.5, rootdisp=24.25, refid=192.0.2.1,\n' +
  'reftime=ecc.5 2026-11-20T23:30:34.243Z, tc=6, peer=1, offset=-0.75, frequency=1.2,\n' +
  'sys_jitter=0.1, clk_jitter=0.2\n';

test('what true time is ahead, within half the way and what adds up on it', () => {
  const slow = chrony?.(SLOW);
  assert.ok(slow?.kind === 'synchronized');
  assert.ok(Math.abs(slow.offsetMs - 249.999017) < 1e-9);
  assert.ok(Math.abs(slow.boundMs - (0.004855 / 2 + 0.00175)) < 1e-9);
  assert.deepEqual(ntpq?.(RV), { kind: 'synchronized', offsetMs: -0.75, boundMs: 30.5 });
});

test('a clock that its daemon calls unsynchronized says nothing of true time', () => {
  const unset =
    '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,' +
    '1.000000000,1.000000000,0.0,Not synchronised';
  assert.equal(chrony?.(unset)?.kind, 'unsynchronized');
  assert.equal(chrony?.(SLOW.replace('0.000001750', '61.0'))?.kind, 'unsynchronized');
  assert.equal(ntpq?.(RV.replace('leap=00', 'leap=11'))?.kind, 'unsynchronized');
  assert.equal(ntpq?.(RV.replace('stratum=2', 'stratum=16'))?.kind, 'unsynchronized');
});

test("a daemon that takes its host's own clock for true time says nothing", () => {
  assert.deepEqual(chrony?.(SLOW.replace('7F000001', '7F7F0101')), { kind: 'own' });
  assert.deepEqual(ntpq?.(RV.replace('192.0.2.1', 'LOCL')), { kind: 'own' });
});

test('garbage is no reading, and whatever is one has a bound', () => {
  for (const [read, sound] of [
    [chrony, SLOW],
    [ntpq, RV],
  ] as const) {
    assert.equal(read?.(''), undefined);
    assert.equal(read?.('506 Cannot talk to daemon'), undefined);
    const changed = fc.tuple(fc.nat(sound.length), fc.nat(20), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(changed, ([at, left, put]) => {
        const found = read?.(sound.slice(0, at) + put + sound.slice(at + left));
        if (found?.kind !== 'synchronized') return;
        assert.ok(Number.isFinite(found.offsetMs) && found.boundMs >= 0 && found.boundMs <= 60_000);
      }),
      { numRuns: 500 },
    );
  }
});
