import type { Argument, Command, Option } from 'commander';
import { valueKind, type ValueKind } from './value-kind.ts';

/** An option as a shell completes it. */
export interface OptionShape {
  /** `--long` forms, and `-s` where there is one. */
  readonly names: readonly string[];
  readonly about: string;
  /** What its value is; absent where it takes none. */
  readonly value?: ValueKind;
}

/** One command: what may follow its words. */
export interface CommandShape {
  /** `checkpoint diff`; '' for the program itself. */
  readonly path: string;
  readonly children: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly OptionShape[];
  /** By position; the last one repeats where `isVariadic`. */
  readonly values: readonly ValueKind[];
  readonly isVariadic: boolean;
}

/** Every command of a program with all it accepts, parents before children. */
export function commandTree(program: Command): readonly CommandShape[] {
  return shapesOf(program, [], []);
}

function shapesOf(
  command: Command,
  words: readonly string[],
  inherited: readonly Option[],
): readonly CommandShape[] {
  const help = command.createHelp();
  const path = words.join(' ');
  const children = help.visibleCommands(command);
  // Options of the program may stand anywhere; commander's help and version are in there too.
  const own = help.visibleOptions(command);
  const options = [
    ...own,
    ...inherited.filter(({ long }) => !own.some((one) => one.long === long)),
  ];
  const shape: CommandShape = {
    path,
    children: children.map((child) => ({
      name: child.name(),
      about: help.subcommandDescription(child),
    })),
    options: options.map((option) => optionShape(option, path)),
    values: command.registeredArguments.map((argument) => argumentKind(argument, path)),
    isVariadic: command.registeredArguments.at(-1)?.variadic === true,
  };
  const handed = words.length === 0 ? own.filter(({ long }) => long !== '--version') : inherited;
  return [
    shape,
    ...children
      .filter((child) => child.name() !== 'help')
      .flatMap((child) => shapesOf(child, [...words, child.name()], handed)),
  ];
}

function optionShape(option: Option, path: string): OptionShape {
  const names = [option.long, option.short].filter((name) => name !== undefined && name !== null);
  const about = option.description;
  if (!option.required && !option.optional) return { names, about };
  const choices = option.argChoices;
  const placeholder = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  const value = choices === undefined ? valueKind(path, placeholder, names[0]) : wordsOf(choices);
  return { names, about, value };
}

function argumentKind(argument: Argument, path: string): ValueKind {
  const choices = argument.argChoices;
  return choices === undefined ? valueKind(path, argument.name()) : wordsOf(choices);
}

function wordsOf(words: readonly string[]): ValueKind {
  return { kind: 'words', words };
}
