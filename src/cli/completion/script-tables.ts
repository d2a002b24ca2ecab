import type { CommandShape } from './command-tree.ts';
import { kindWord } from './value-kind.ts';

/** One line of a lookup table in a script: a command's words, or those and an option. */
export interface TableLine {
  readonly key: string;
  readonly value: string;
}

/** The command tree as the lookup tables that the three scripts share. */
export interface ScriptTables {
  /** Command → `name<TAB>about` lines of what may follow it. */
  readonly children: readonly TableLine[];
  /** Command → `--option<TAB>about` lines. */
  readonly options: readonly TableLine[];
  /** `command|--option` → the kind of its value. */
  readonly optionValues: readonly TableLine[];
  /** `command|position` → the kind of the argument there; `command|*` for all further ones. */
  readonly arguments: readonly TableLine[];
}

/** Makes the tables; what is the same for every command is not repeated. */
export function scriptTables(tree: readonly CommandShape[]): ScriptTables {
  return {
    children: tree
      .filter(({ children }) => children.length > 0)
      .map(({ path, children }) => ({
        key: path,
        value: children.map(({ name, about }) => described(name, about)).join('\n'),
      })),
    options: tree.map(({ path, options }) => ({
      key: path,
      value: options
        .flatMap(({ names, about }) => names.slice(0, 1).map((name) => described(name, about)))
        .join('\n'),
    })),
    optionValues: tree.flatMap(({ path, options }) =>
      options.flatMap(({ names, value }) =>
        value === undefined
          ? []
          : names.map((name) => ({ key: `${path}|${name}`, value: kindWord(value) })),
      ),
    ),
    arguments: tree.flatMap(({ path, values, isVariadic }) =>
      values.map((value, position) => ({
        key: `${path}|${isVariadic && position === values.length - 1 ? '*' : position}`,
        value: kindWord(value),
      })),
    ),
  };
}

function described(word: string, about: string): string {
  return `${word}\t${about.replace(/\s+/g, ' ')}`;
}

/** Text in single quotes, for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
