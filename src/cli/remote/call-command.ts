import { Option, type Command } from 'commander';
import type { ExitCode } from '../../base/error.ts';
import type { CallAnswer, CallInput, CallName } from '../../api/client.ts';
import { addExamples } from '../example.ts';
import type { Bind, Invocation } from '../invocation.ts';
import { preferringDaemon } from '../offline/read-without-daemon.ts';
import type { Screen } from '../screen/screen.ts';
import { remoteDaemon } from './remote-daemon.ts';

/** A command that is one call of the API: what is sent and how the answer is shown. */
export interface CallCommand<Name extends CallName> {
  /** Commander's words: `show <id>`. */
  readonly words: string;
  readonly about: string;
  /** Option flags and what they mean; the values they take where there are few. */
  readonly options?: readonly (readonly [
    flags: string,
    about: string,
    choices?: readonly string[],
  ])[];
  /** Command lines to copy, without `lastgood`. */
  readonly examples: readonly string[];
  readonly call: Name;
  /** The request of the arguments and options. */
  readonly input: (
    args: readonly string[],
    options: Readonly<Record<string, string | boolean | undefined>>,
  ) => CallInput<Name>;
  /** Prints the answer for a person; answers the exit code when it is not 0. */
  readonly show: (
    answer: CallAnswer<Name>,
    screen: Screen,
    options: Readonly<Record<string, string | boolean | undefined>>,
  ) => ExitCode | undefined;
  /** Answers from the data directory where no daemon runs on it. */
  readonly withoutDaemon?: (
    invocation: Invocation,
    input: CallInput<Name>,
  ) => Promise<CallAnswer<Name>>;
  /** The exit code with --json, where the answer decides it. */
  readonly judge?: (answer: CallAnswer<Name>) => ExitCode;
}

/** Adds a command that is one call of the API. With --json it prints the call's own document. */
export function addCall<Name extends CallName>(
  parent: Command,
  bind: Bind,
  described: CallCommand<Name>,
): void {
  const command = parent.command(described.words).description(described.about);
  for (const [flags, about, choices] of described.options ?? []) {
    const option = new Option(flags, about);
    command.addOption(choices === undefined ? option : option.choices(choices));
  }
  addExamples(command, described.examples);
  command.action(
    bind(async (invocation, options: Record<string, string | boolean | undefined>, args) => {
      // What was asked wrongly is said before anybody is asked.
      const input = described.input(args, options);
      const answer = await answerOf(described, invocation, input);
      if (invocation.screen.isJson) {
        invocation.screen.json(answer);
        return described.judge?.(answer) ?? 0;
      }
      return described.show(answer, invocation.screen, options) ?? described.judge?.(answer) ?? 0;
    }),
  );
}

function answerOf<Name extends CallName>(
  { call, withoutDaemon }: CallCommand<Name>,
  invocation: Invocation,
  input: CallInput<Name>,
): Promise<CallAnswer<Name>> {
  const { signal } = invocation;
  const ask = async (): Promise<CallAnswer<Name>> =>
    remoteDaemon(invocation).call(call, input, { signal });
  if (withoutDaemon === undefined) return ask();
  return preferringDaemon(invocation, ask, () => withoutDaemon(invocation, input));
}

/** An option's text; undefined when it was not given. */
export function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A comma-separated option as a list. */
export function listOption(value: string | boolean | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? value.split(',').map((part) => part.trim()) : undefined;
}
