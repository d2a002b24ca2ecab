import { lgError } from '../../model/errors/lg-error.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

/** `lastgood help COMMAND`: instead of commander's, which takes a slip for a wish for all of it. */
export const addHelp: AddCommand = (program, bind) => {
  addExamples(program.helpCommand(false).command('help [command...]'), ['help rollback plan'])
    .description('what a command does and takes')
    .action(
      bind((_invocation, _options, words) => {
        let found = program;
        for (const word of words) {
          const next = found.commands.find((command) => command.name() === word);
          if (next === undefined) {
            throw lgError('LG_RUNTIME_USAGE', `there is no command "${words.join(' ')}"`);
          }
          found = next;
        }
        found.outputHelp();
        return Promise.resolve(0);
      }),
    );
};
