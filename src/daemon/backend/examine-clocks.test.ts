import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import { examineClocks } from './examine-clocks.ts';

function clock(name: string, offsetMs: number, method: string, corrected: boolean): ClockOffset {
  const offsetNs = offsetMs * 1e6;
  return { clock: name, offsetNs, method, corrected, driftPpm: 0, via: [name] };
}

test('the doctor names the clocks that surely are off, and no other', () => {
  const found = examineClocks([
    clock('host:right', 4, 'span-pairs', true),
    clock('host:perhaps', 900, 'whole-seconds', false),
    clock('host:far', -40_000, 'one-way', true),
    clock('device:pdu', 7_200_000, 'zone', true),
    clock('host:torn', 300, 'inconsistent', false),
    clock('utc', 250, 'ntp', true),
  ]);
  assert.deepEqual(
    found.map(({ subject, ok, seen }) => [subject, ok, seen]),
    [
      ['host:far', false, '40.000 s behind ours; corrected'],
      ['device:pdu', false, '7200.000 s ahead of ours; corrected'],
      [
        'host:torn',
        false,
        'what relates it to other clocks contradicts itself; nothing is corrected by it',
      ],
      ['utc', false, 'ours is 0.250 s behind what NTP says'],
    ],
  );
  assert.match(found[0]?.mend ?? '', /clocks --explain far$/);
});
