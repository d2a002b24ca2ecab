/**
 * Reads TypeScript as text: blanks comments, strings and regular expressions.
 *
 * TypeScript 7 ships no compiler API, so the project's own checks work on text. This scanner makes
 * that honest: what remains in `code` is code, at the same offsets as in the file.
 */

/** A quoted string and where its quotes stand. */
export interface StringLiteral {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** A source file with everything that is not code blanked out. */
export interface SourceText {
  /** Same length and line breaks as the input; quotes stay, their contents become spaces. */
  readonly code: string;
  /** Single- and double-quoted strings, and templates without substitutions, by opening quote. */
  readonly strings: ReadonlyMap<number, StringLiteral>;
  /** Comments, delimiters included, with their offsets. */
  readonly comments: readonly StringLiteral[];
}

/** Words after which a slash begins a regular expression rather than a division. */
const wordsBeforeRegex =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;

/** Scans one file. Never throws: an unterminated literal ends at its line or at the file's end. */
export function scanSource(text: string): SourceText {
  const state = new Scan(text);
  state.codeUntil(text.length, false);
  return { code: state.out.join(''), strings: state.strings, comments: state.comments };
}

class Scan {
  readonly out: string[];
  readonly strings = new Map<number, StringLiteral>();
  readonly comments: StringLiteral[] = [];
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
    this.out = [...splitUnits(text)];
  }

  /** Reads code; inside a template substitution it stops at the closing brace. */
  codeUntil(end: number, inSubstitution: boolean): void {
    let depth = 0;
    while (this.at < end) {
      const char = this.text[this.at];
      const next = this.text[this.at + 1];
      if (char === '/' && next === '/') this.comment(this.indexOrEnd('\n', this.at));
      else if (char === '/' && next === '*') this.comment(this.indexOrEnd('*/', this.at + 2) + 2);
      else if (char === "'" || char === '"') this.quoted(char);
      else if (char === '`') this.template();
      else if (char === '/' && this.regexMayStart()) this.regex();
      else {
        if (char === '{') depth += 1;
        if (char === '}') {
          if (inSubstitution && depth === 0) return;
          depth -= 1;
        }
        this.at += 1;
      }
    }
  }

  comment(endWanted: number): void {
    const end = Math.min(endWanted, this.text.length);
    this.comments.push({ start: this.at, end, value: this.text.slice(this.at, end) });
    this.blank(this.at, end);
    this.at = end;
  }

  quoted(quote: string): void {
    const start = this.at;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== quote && this.text[end] !== '\n') {
      end += this.text[end] === '\\' ? 2 : 1;
    }
    this.strings.set(start, { start, end: end + 1, value: this.text.slice(start + 1, end) });
    this.blank(start + 1, end);
    this.at = end + 1;
  }

  template(): void {
    const start = this.at;
    let textFrom = start + 1;
    let substitutions = 0;
    this.at = textFrom;
    while (this.at < this.text.length && this.text[this.at] !== '`') {
      if (this.text[this.at] === '\\') this.at += 2;
      else if (this.text[this.at] === '$' && this.text[this.at + 1] === '{') {
        this.blank(textFrom, this.at);
        substitutions += 1;
        this.at += 2;
        this.codeUntil(this.text.length, true);
        this.at += 1;
        textFrom = this.at;
      } else this.at += 1;
    }
    if (substitutions === 0) {
      const value = this.text.slice(start + 1, this.at);
      this.strings.set(start, { start, end: this.at + 1, value });
    }
    this.blank(textFrom, this.at);
    this.at += 1;
  }

  regex(): void {
    const start = this.at;
    let end = start + 1;
    let inClass = false;
    while (end < this.text.length && this.text[end] !== '\n') {
      const char = this.text[end];
      if (char === '\\') end += 1;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) break;
      end += 1;
    }
    this.blank(start + 1, end);
    this.at = end + 1;
  }

  regexMayStart(): boolean {
    let before = this.at - 1;
    while (before >= 0 && /\s/.test(this.out[before] ?? '')) before -= 1;
    const char = this.out[before];
    if (char === undefined) return true;
    if ('(,=:[!&|?{};+-*%~^<>'.includes(char)) return true;
    const tail = this.out.slice(Math.max(0, before - 11), before + 1).join('');
    return wordsBeforeRegex.test(tail);
  }

  blank(from: number, to: number): void {
    const end = Math.min(to, this.out.length);
    for (let at = from; at < end; at += 1) if (this.out[at] !== '\n') this.out[at] = ' ';
  }

  indexOrEnd(mark: string, from: number): number {
    const found = this.text.indexOf(mark, from);
    return found === -1 ? this.text.length : found;
  }
}

/** UTF-16 units, so that offsets in the scan equal offsets in the string. */
function* splitUnits(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) yield text.charAt(at);
}

/** One-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/** One module reference of a file. */
export interface ImportReference {
  readonly specifier: string;
  readonly line: number;
  /** `static` runs on load, `lazy` is `import()`, `url` is `new URL(…, import.meta.url)`. */
  readonly kind: 'static' | 'lazy' | 'url';
}

/** An `import()` whose argument is no plain string: nobody can check where it leads. */
export interface OpaqueImport {
  readonly line: number;
}

const importPatterns: readonly (readonly [RegExp, ImportReference['kind']])[] = [
  [/(?<![\w$.])(?:from|import)\s*(?=['"])/g, 'static'],
  [/(?<![\w$.])import\s*\(\s*(?=['"`])/g, 'lazy'],
  [/(?<![\w$.])new\s+URL\s*\(\s*(?=['"`][^,]*,\s*import\.meta\.url)/g, 'url'],
];

/** Every module a file refers to: imports, re-exports, `import()`, and worker or process URLs. */
export function findImports(text: string): {
  readonly references: readonly ImportReference[];
  readonly opaque: readonly OpaqueImport[];
} {
  const source = scanSource(text);
  const references: ImportReference[] = [];
  for (const [pattern, kind] of importPatterns) {
    for (const match of source.code.matchAll(pattern)) {
      const literal = source.strings.get(match.index + match[0].length);
      if (literal === undefined) continue;
      references.push({ specifier: literal.value, line: lineOf(text, match.index), kind });
    }
  }
  const opaque = [...source.code.matchAll(/(?<![\w$.])import\s*\(\s*(?!['"`\s])/g)].map(
    (match) => ({
      line: lineOf(text, match.index),
    }),
  );
  return { references, opaque };
}
