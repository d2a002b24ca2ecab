import { millisecondWords } from '../../time/words.ts';
import { axisMarks, axisStep, shareOf, type TimeWindow } from '../range/time-range.ts';

/** A mark of the axis and what is written at it; nothing where there is no room. */
export interface AxisLabel {
  readonly at: number;
  readonly words: string;
  /** `before` the mark where the words would be cut off at the end of the axis. */
  readonly side: 'after' | 'before';
}

/** More marks than this are no easier to read. */
const MARKS_MAX = 8;

/** The widest digit of any font that systems have, at the size of the axis, in CSS pixels. */
const CHAR_PIXELS = 7.5;

/** The line of the mark and the space beside it, and some air before the next. */
const EDGE_PIXELS = 5;
const AIR_PIXELS = 9;

/** Round local times of a window on an axis so wide, CSS pixels; no two of them ever overlap. */
export function axisLabels(window: TimeWindow, width: number): readonly AxisLabel[] {
  const step = fittingStep(window, width);
  if (step === undefined) return [];
  // Words at an end of the axis need no air.
  const room = pixelsOf(step) - AIR_PIXELS;
  const stepPixels = (width * step) / (window.to - window.from);
  return axisMarks(window, step).map((at, index) => {
    const left = shareOf(at, window) * width;
    const words = wordsOf(at, step);
    if (left + room <= width) return { at, words, side: 'after' };
    const isFree = index === 0 ? left >= room : stepPixels >= 2 * room + AIR_PIXELS;
    return { at, words: isFree ? words : '', side: 'before' };
  });
}

/** The shortest step whose words fit between two marks; undefined where not even one fits. */
function fittingStep(window: TimeWindow, width: number): number | undefined {
  for (let most = MARKS_MAX; most > 0; most -= 1) {
    const step = axisStep(window, most);
    if ((width * step) / (window.to - window.from) >= pixelsOf(step)) return step;
  }
  return undefined;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Room for the longest words of a step. */
function pixelsOf(step: number): number {
  return longestOf(step) * CHAR_PIXELS + EDGE_PIXELS + AIR_PIXELS;
}

function longestOf(step: number): number {
  if (step >= HOUR) return 'Nov 30'.length;
  if (step >= MINUTE) return '14:32'.length;
  return step >= SECOND ? '14:32:07'.length : '14:32:07.123'.length;
}

/** As exact as the step is, and no more; midnight is called by its day where days pass. */
function wordsOf(at: number, step: number): string {
  const words = millisecondWords(at);
  if (step >= 24 * HOUR || (step >= HOUR && words.startsWith('00:00'))) return dayWords(at);
  if (step >= MINUTE) return words.slice(0, 5);
  return step >= SECOND ? words.slice(0, 8) : words;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dayWords(at: number): string {
  const date = new Date(at);
  return `${MONTHS[date.getMonth()] ?? ''} ${date.getDate()}`;
}
