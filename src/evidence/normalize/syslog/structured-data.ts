import type { StructuredData } from './syslog-message.ts';

/** Structured data read from a text, and where it ends. */
export interface ReadStructuredData {
  readonly data: StructuredData | undefined;
  /** As it was written, where the object cannot say it all: escapes, repeats, empty elements. */
  readonly original?: string;
  readonly end: number;
}

/** A name of RFC 5424: printable ASCII without `=`, space, `]` and `"`. */
const NAME = /[!#-<>-\\^-~]{1,255}/y;

/** A message has a few elements; thousands are an attack on memory. */
const PARAMETERS_MAX = 1024;

/**
 * Reads STRUCTURED-DATA of RFC 5424 (section 6.3) at an offset: `-` or elements in brackets.
 * undefined when it is malformed.
 */
export function readStructuredData(text: string, from: number): ReadStructuredData | undefined {
  if (text[from] === '-') return { data: undefined, end: from + 1 };
  const data: Record<string, Record<string, string | readonly string[]>> = Object.create(null);
  let at = from;
  let count = 0;
  let isPlain = true;
  while (text[at] === '[') {
    const id = readName(text, at + 1);
    if (id === undefined) return undefined;
    isPlain &&= data[id] === undefined && text[at + 1 + id.length] === ' ';
    const element = (data[id] ??= Object.create(null));
    at += 1 + id.length;
    while (text[at] === ' ') {
      const parameter = readParameter(text, at + 1);
      count += 1;
      if (parameter === undefined || count > PARAMETERS_MAX) return undefined;
      const before = element[parameter.name];
      isPlain &&= before === undefined && parameter.name.length <= 32;
      element[parameter.name] =
        before === undefined ? parameter.value : [before, parameter.value].flat();
      at = parameter.end;
    }
    if (text[at] !== ']') return undefined;
    at += 1;
  }
  if (at === from) return undefined;
  const original = text.slice(from, at);
  return isPlain && !original.includes('\\') ? { data, end: at } : { data, original, end: at };
}

function readName(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

function readParameter(
  text: string,
  from: number,
): { readonly name: string; readonly value: string; readonly end: number } | undefined {
  const name = readName(text, from);
  if (name === undefined || !text.startsWith('="', from + name.length)) return undefined;
  let value = '';
  let at = from + name.length + 2;
  for (;;) {
    const character = text[at];
    if (character === undefined || character === ']') return undefined;
    if (character === '"') return { name, value, end: at + 1 };
    // Only these three are escapes; another backslash stands for itself.
    const next = text[at + 1];
    const isEscape = character === '\\' && (next === '"' || next === '\\' || next === ']');
    value += isEscape ? next : character;
    at += isEscape ? 2 : 1;
  }
}
