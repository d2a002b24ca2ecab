import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { Screen } from '../screen/screen.ts';
import { showClocks } from './clocks.ts';

const nothing = (): undefined => undefined;
const screen: Screen = {
  out: nothing,
  note: nothing,
  json: nothing,
  isJson: false,
  hasColor: false,
  columns: 100,
};

test('who asks for an explanation of no clock is told which there are', () => {
  const clock = (name: string): ClockOffset => ({
    clock: name,
    offsetNs: 0,
    method: 'one-way',
    corrected: false,
    driftPpm: 0,
    via: [name],
  });
  const clocks = [clock('host:far'), clock('device:pdu\u001b[2J')];
  assert.throws(
    () => showClocks(clocks, screen, true),
    /known are host:far, device:pdu[^\u001b]*$/,
  );
  assert.throws(() => showClocks([], screen, true), /none is related to ours yet/);
});
