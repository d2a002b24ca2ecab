import { utf8 } from '../../../base/bytes.ts';

/** One token of JSON at the start of a text, white space before it included. */
const TOKEN = new RegExp(
  String.raw`[ \t\n\r]*(?:([{}[\],:])` +
    String.raw`|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")` +
    String.raw`|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))`,
  'y',
);

/** What may come next: a value, a key, a colon, or what ends or goes on with a container. */
type Expectation = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'more' | 'end';

/**
 * The byte at which a text stops being JSON. `JSON.parse` tells it only for some errors, and its
 * words quote the input, which may hold secrets; so errors are located here.
 */
export function jsonErrorOffset(text: string): number {
  const stack: ('{' | '[')[] = [];
  let expectation: Expectation = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const next: Expectation | undefined =
      match === null ? undefined : advance(expectation, match, stack);
    if (match === null || next === undefined) {
      const white = /[ \t\n\r]*/y;
      white.lastIndex = at;
      return utf8(text.slice(0, at + (white.exec(text)?.[0].length ?? 0))).length;
    }
    expectation = next;
    at = TOKEN.lastIndex;
  }
}

function advance(
  expectation: Expectation,
  match: RegExpExecArray,
  stack: ('{' | '[')[],
): Expectation | undefined {
  const [, mark, text] = match;
  const afterValue = (): Expectation => (stack.length === 0 ? 'end' : 'more');
  const isScalar = mark === undefined;
  switch (expectation) {
    case 'value':
    case 'first-value':
      if (isScalar) return afterValue();
      if (mark === '{' || mark === '[') {
        stack.push(mark);
        return mark === '{' ? 'first-key' : 'first-value';
      }
      if (mark !== ']' || expectation === 'value') return undefined;
      stack.pop();
      return afterValue();
    case 'key':
    case 'first-key':
      if (text !== undefined) return 'colon';
      if (mark !== '}' || expectation === 'key') return undefined;
      stack.pop();
      return afterValue();
    case 'colon':
      return mark === ':' ? 'value' : undefined;
    case 'more': {
      const container = stack.at(-1);
      if (mark === ',') return container === '{' ? 'key' : 'value';
      if (mark !== (container === '{' ? '}' : ']')) return undefined;
      stack.pop();
      return afterValue();
    }
    default:
      return undefined;
  }
}
