import assert from 'node:assert/strict';
import { test } from 'node:test';

import { axisLabels, type AxisLabel } from './axis-labels.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';

/** What one character takes at most, and the line and the space beside the words. */
const CHAR_PIXELS = 7.5;
const EDGE_PIXELS = 5;

const WIDTHS = [0, 30, 60, 90, 140, 220, 296, 380, 480, 611, 700, 960, 1_290, 2_400];
const HOUR = 3_600_000;
const SPANS = [
  200,
  950,
  3_000,
  10_000,
  47_000,
  61_000,
  299_000,
  420_000,
  900_000,
  1_199_000,
  HOUR,
  5 * HOUR,
  24 * HOUR,
  37 * HOUR,
  168 * HOUR,
  31 * 24 * HOUR,
  366 * 24 * HOUR,
];

/** From which pixel to which the words of a label are drawn. */
function drawn({ at, words, side }: AxisLabel, window: TimeWindow, width: number) {
  const mark = shareOf(at, window) * width;
  const long = words.length * CHAR_PIXELS + EDGE_PIXELS;
  return side === 'after' ? { from: mark, to: mark + long } : { from: mark - long, to: mark };
}

function everyWindow(look: (window: TimeWindow, width: number) => void): void {
  for (const width of WIDTHS) {
    for (const span of SPANS) {
      for (let shift = 0; shift < 1; shift += 0.037) {
        const from = Date.UTC(2026, 10, 21, 17, 42, 8, 250) + Math.round(shift * span);
        look({ from, to: from + span }, width);
      }
    }
  }
}

test('no two times of the axis overlap, and none is cut off, at any width and range', () => {
  everyWindow((window, width) => {
    let free = 0;
    for (const label of axisLabels(window, width)) {
      if (label.words === '') continue;
      const { from, to } = drawn(label, window, width);
      const where = `${label.words} at ${from} of ${width}, span ${window.to - window.from}`;
      assert.ok(from >= free, `${where}: the one before it ends at ${free}`);
      assert.ok(to <= width, `${where}: it ends at ${to}`);
      free = to;
    }
  });
});

test('an axis on a phone tells a time, a wider one at least two', () => {
  everyWindow((window, width) => {
    if (width < 260) return;
    const least = width < 480 ? 1 : 2;
    const told = axisLabels(window, width).filter(({ words }) => words !== '');
    assert.ok(
      told.length >= least,
      `${told.length} at ${width} of span ${window.to - window.from}`,
    );
  });
});

test('times are as exact as their step, and a midnight is called by its day', () => {
  const from = new Date(2026, 10, 21, 17, 42).getTime();
  const told = (span: number) =>
    axisLabels({ from, to: from + span }, 900).map(({ words }) => words);
  assert.deepEqual(told(120_000).slice(0, 3), ['17:42:00', '17:42:30', '17:43:00']);
  assert.deepEqual(told(900_000).slice(0, 3), ['17:42', '17:44', '17:46']);
  assert.deepEqual(told(24 * HOUR).slice(0, 4), ['18:00', '21:00', 'Nov 22', '03:00']);
  assert.deepEqual(told(168 * HOUR).slice(0, 2), ['Nov 22', 'Nov 23']);
});
