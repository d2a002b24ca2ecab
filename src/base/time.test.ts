import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration, parseRfc3339, timeNs, toRfc3339 } from './time.ts';

test('every instant RFC 3339 can write is read back to the nanosecond', () => {
  const instants = fc.bigInt({
    min: -62_135_596_800n * 10n ** 9n,
    max: 253_402_300_799n * 10n ** 9n,
  });
  fc.assert(
    fc.property(instants, (ns) => {
      assert.equal(parseRfc3339(toRfc3339(timeNs(ns))), ns);
    }),
  );
});

for (const [text, ns] of [
  ['2026-11-21T01:30:00Z', 1_795_224_600_000_000_000n],
  ['2026-11-21T02:30:00.5+01:00', 1_795_224_600_500_000_000n],
  ['1969-12-31T23:59:59.999999999Z', -1n],
] as const) {
  test(`${text} is understood`, () => assert.equal(parseRfc3339(text), ns));
}

for (const text of [
  '2026-02-30T00:00:00Z',
  '2026-11-21',
  '2026-11-21T24:00:00Z',
  'yesterday',
  '',
]) {
  test(`"${text}" is no instant`, () => assert.equal(parseRfc3339(text), undefined));
}

test('durations are read and written in the units of the configuration', () => {
  assert.equal(parseDuration('500ms'), 500);
  assert.equal(parseDuration('15m'), 900_000);
  assert.equal(parseDuration('1.5h'), 5_400_000);
  assert.equal(parseDuration('15 minutes'), undefined);
  assert.equal(formatDuration(900_000), '15m');
  assert.equal(formatDuration(1500), '1.5s');
});
