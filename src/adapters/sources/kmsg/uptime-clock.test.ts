import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UptimeClock } from './uptime-clock.ts';

const BOOT_NS = 1_795_000_000_000_000_000n;

/** A reading at an uptime (seconds), the wall clock `stepS` ahead of what it was at the boot. */
function reading(uptimeS: number, sleptS = 0, stepS = sleptS) {
  const monotonicUs = uptimeS * 1e6;
  const wallNs = BOOT_NS + BigInt(Math.round((uptimeS + stepS) * 1e6)) * 1_000n;
  return { wallNs, monotonicUs, sleptMs: sleptS * 1e3 };
}

/** What a stamp became, in seconds after the boot. */
function seconds(clock: UptimeClock, uptimeUs: number): number | undefined {
  const at = clock.at(uptimeUs);
  return at === undefined ? undefined : Number((at - BOOT_NS) / 1_000n) / 1e6;
}

test('what waited at the start is dated by uptime, and never after it was read', () => {
  const clock = new UptimeClock();
  clock.hear(reading(1000), 900e6, false);
  assert.equal(seconds(clock, 400e6), 400);
  assert.equal(seconds(clock, 1001e6), 1000);
});

test('what comes as it is written tells how far stamps lie from the clock, and stays exact', () => {
  const clock = new UptimeClock();
  clock.hear(reading(1000), 900e6, false);
  // The kernel stamps 3 s behind, and reading takes a millisecond.
  clock.hear(reading(1100.001), 1097e6, true);
  assert.equal(seconds(clock, 1097e6), 1100.001);
  // This one was read late: nothing is learned of it, and it is dated by what is known.
  clock.hear(reading(1200), 1190e6, true);
  assert.equal(seconds(clock, 1190e6), 1193.001);
});

test('a step of the wall clock is a step of what comes after it', () => {
  const clock = new UptimeClock();
  clock.hear(reading(1000), 1000e6, true);
  clock.hear(reading(1010, 0, 3600), 1010e6, true);
  assert.equal(seconds(clock, 1010e6), 4610);
});

test('what was stamped before a sleep is not moved by it', () => {
  const clock = new UptimeClock();
  clock.hear(reading(1000), 1000e6, true);
  clock.hear(reading(1010, 600), 1010e6, true, 1009e6);
  assert.equal(seconds(clock, 1005e6), 1005);
  assert.equal(seconds(clock, 1009.5e6), 1609.5);
});

test('what waited on a machine that has slept has no time: nobody saw on which side it was', () => {
  const clock = new UptimeClock();
  clock.hear(reading(1000, 600), 900e6, false);
  assert.equal(seconds(clock, 900e6), undefined);
  clock.hear(reading(1010, 600), 1010e6, true);
  assert.equal(seconds(clock, 1010e6), 1610);
});

test('live messages are never dated after they were read, nor far before, and in order', () => {
  const drift = fc.integer({ min: -400, max: 400 });
  const message = fc.tuple(fc.integer({ min: 1, max: 3600 }), fc.integer({ max: 900, min: 0 }));
  const messages = fc.array(message, { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(drift, fc.integer({ min: -120, max: 120 }), messages, (ppm, apartS, all) => {
      const clock = new UptimeClock();
      let at = 1000;
      clock.hear(reading(at), (at - apartS) * 1e6 - 5e6, false);
      let before = 0;
      for (const [gapS, readMs] of all) {
        at += gapS;
        // The first is read at once; the others may be late.
        const readAt = at + (before === 0 ? 1 : readMs) / 1e3;
        const stampUs = (at - apartS) * 1e6 + ppm * (at - 1000);
        clock.hear(reading(readAt), stampUs, true);
        const told = seconds(clock, stampUs) ?? Number.NaN;
        assert.ok(told <= readAt + 1e-5, `${told} after it was read`);
        // What both clocks may have run apart since the first, which was exact.
        assert.ok(told >= at - 1e-3 * (at - 1000) - 1e-3, `${told} is before ${at}`);
        assert.ok(told >= before, `${told} before ${before}`);
        before = told;
      }
    }),
  );
});
