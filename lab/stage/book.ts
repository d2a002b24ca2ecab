import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Thing } from './thing.ts';

/**
 * What the stage has made outside its folder, on disk before it exists, so that whoever comes after
 * a `kill -9` knows what to remove. Lines are appended and synced; the last line may be torn, and
 * then what it announced was never made.
 */
export type Book = {
  readonly entries: () => readonly Entry[];
  /** Durable when it returns. */
  readonly add: (part: string, thing: Thing) => Entry;
  readonly drop: (entry: Entry) => void;
};

type Line = { readonly add: Entry } | { readonly drop: string };

/** Opens the book of the stage in `folder`, which must exist. */
export function openBook(folder: string): Book {
  const file = join(folder, 'book.jsonl');
  // A torn line must not swallow the next one.
  const append = (line: Line): void => appendDurably(file, `\n${JSON.stringify(line)}\n`);
  return {
    entries: () => replay(readLines(file)),
    add: (part, thing) => {
      const entry = { id: randomUUID(), part, thing };
      append({ add: entry });
      return entry;
    },
    drop: ({ id }) => append({ drop: id }),
  };
}

function replay(lines: readonly Line[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const line of lines) {
    if ('add' in line) entries.set(line.add.id, line.add);
    else entries.delete(line.drop);
  }
  return [...entries.values()];
}

function readLines(file: string): readonly Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => decodeLine(line) ?? []);
}

/** The book is written by this program alone; a line that says nothing is a torn one. */
function decodeLine(text: string): Line | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isLine(line) ? line : undefined;
}

/** Whether it is an entry that can be cleaned: its part is a folder's name, and nothing else. */
function isLine(line: unknown): line is Line {
  if (typeof line !== 'object' || line === null) return false;
  if ('drop' in line) return typeof line.drop === 'string';
  if (!('add' in line) || typeof line.add !== 'object' || line.add === null) return false;
  const { add } = line;
  const isNamed = 'id' in add && typeof add.id === 'string' && 'part' in add;
  return (
    isNamed &&
    typeof add.part === 'string' &&
    /^[^./][^/]*$/.test(add.part) &&
    'thing' in add &&
    typeof add.thing === 'object' &&
    add.thing !== null
  );
}

function appendDurably(file: string, text: string): void {
  const handle = openSync(file, 'a', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
