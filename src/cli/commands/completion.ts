import { Argument } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { commandTree } from '../completion/command-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { scriptTables, type ScriptTables } from '../completion/script-tables.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

const SCRIPTS: Readonly<Record<string, (tables: ScriptTables) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `lastgood completion`: a script for a shell, made from the commands themselves. */
export const addCompletion: AddCommand = (program, bind) => {
  addExamples(program.command('completion'), [
    'completion bash > ~/.local/share/bash-completion/completions/lastgood',
    'completion fish > ~/.config/fish/completions/lastgood.fish',
  ])
    .description('print the script by which a shell completes commands, options and ids')
    .addArgument(new Argument('<shell>', 'for which shell').choices(Object.keys(SCRIPTS)))
    .action(
      bind((_invocation, _own: object, [shell = '']) => {
        const script = SCRIPTS[shell]?.(scriptTables(commandTree(program)));
        process.stdout.write(script ?? '');
        return Promise.resolve(0);
      }),
    );
};
