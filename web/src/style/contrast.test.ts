import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

/** What text stands on, as the style sheets use it: names of tokens, text first. */
const TEXTS: readonly (readonly [string, string])[] = [
  ...['text', 'text-soft', 'text-faint', 'accent', 'good', 'warn', 'bad', 'busy'].flatMap((text) =>
    ['surface', 'ground', 'sunken'].map((ground) => [text, ground] as const),
  ),
  ...['good', 'warn', 'bad', 'busy'].flatMap((tone) =>
    [tone, 'text', 'text-soft'].map((text) => [text, `${tone}-wash`] as const),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['accent-strong', 'accent-wash'],
  ['surface', 'bad'],
  ['surface', 'text'],
];

/** What must be told apart without being read: severities against the card they are drawn on. */
const SHAPES = ['severity-warn', 'severity-error', 'severity-fatal', 'accent', 'good', 'warn'];

for (const [look, block] of [
  ['light', light],
  ['dark', dark],
] as const) {
  const colors = new Map(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [
      name,
      hex,
    ]),
  );
  const ratio = (one: string, other: string): number => {
    const [a, b] = [colors.get(one), colors.get(other)];
    if (a === undefined || b === undefined) throw new Error(`no color --${one} or --${other}`);
    const [high = 0, low = 0] = [luminanceOf(a), luminanceOf(b)].toSorted((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  test(`every text can be read in the ${look}: 4.5 to 1 or more`, () => {
    const faint = TEXTS.filter(([text, ground]) => ratio(text, ground) < 4.5).map(
      ([text, ground]) => `${text} on ${ground}: ${ratio(text, ground).toFixed(2)}`,
    );
    assert.deepEqual(faint, []);
  });

  test(`marks and lanes stand out in the ${look}: 3 to 1 or more for what warns`, () => {
    const faint = SHAPES.filter((name) => ratio(name, 'surface') < 3).map(
      (name) => `${name}: ${ratio(name, 'surface').toFixed(2)}`,
    );
    assert.deepEqual(faint, []);
  });
}

/** Relative luminance as WCAG 2 defines it. */
function luminanceOf(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
