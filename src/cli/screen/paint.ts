import { styleText } from 'node:util';
import type { Screen } from './screen.ts';

/** What a color means here; the same word always has the same color. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'strong';

const STYLES = { good: 'green', bad: 'red', warn: 'yellow', dim: 'dim', strong: 'bold' } as const;

/** The text in the color of its meaning, where the screen has color. */
export function paint(screen: Screen, tone: Tone, text: string): string {
  if (!screen.hasColor) return text;
  return styleText(STYLES[tone], text, { validateStream: false });
}

/**
 * Text of unknown origin for a terminal: control characters, which could move the cursor or change
 * its colors, and those that turn the direction of reading are shown as `\u001b`. Its further lines
 * are indented, so that none of them looks like one of ours.
 */
export function harmless(text: string): string {
  return harmlessLines(text).replaceAll('\n', '\n    ');
}

/** The same for a text whose lines are its own, as those of a document. */
export function harmlessLines(text: string): string {
  return text.replace(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu, (char) => {
    if (char === '\n' || char === '\t') return char;
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
