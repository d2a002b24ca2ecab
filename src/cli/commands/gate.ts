import { lgError } from '../../model/errors/lg-error.ts';
import { addCall, textOption } from '../remote/call-command.ts';
import type { AddCommand } from '../invocation.ts';

/** `lastgood gate deploy`: asks, in CI, whether now is a moment to deploy. Refused is exit 4. */
export const addGate: AddCommand = (program, bind) => {
  const gate = program.command('gate').description('for CI: may something be done now?');
  addCall(gate, bind, {
    words: 'deploy',
    examples: ['gate deploy --component checkout'],
    about: 'exit 4 while an incident, a run, a red check or a freeze window covers it',
    options: [['--component <name>', 'what would be deployed']],
    call: 'gateDeploy',
    input: (_args, options) => {
      const component = textOption(options['component']) ?? '';
      if (component !== '') return { component };
      throw lgError('LG_RUNTIME_USAGE', 'what would be deployed? Say --component NAME');
    },
    show: ({ component }, screen) => void screen.out(`${component} may be deployed`),
  });
};
