import { addCall, textOption } from '../remote/call-command.ts';
import type { AddCommand } from '../invocation.ts';
import { harmless, paint } from '../screen/paint.ts';

/** `lastgood hold on|off`: the switch that stops every write by lastgood at once. */
export const addHold: AddCommand = (program, bind) => {
  const hold = program.command('hold').description('stop every write by lastgood at once');
  for (const word of ['on', 'off'] as const) {
    addCall(hold, bind, {
      words: word,
      examples: [`hold ${word} --reason "changing the switch by hand"`],
      about: word === 'on' ? 'stop all writes' : 'let lastgood write again',
      options: [['--reason <text>', 'kept in the audit log']],
      call: 'holdSet',
      input: (_args, options) => ({
        on: word === 'on',
        reason: textOption(options['reason']) ?? `hold ${word} on the command line`,
      }),
      show: (answer, screen) => {
        const state = answer.on ? paint(screen, 'bad', 'on') : paint(screen, 'good', 'off');
        screen.out(`hold is ${state}${answer.on ? `: ${harmless(answer.reason ?? '')}` : ''}`);
        for (const run of answer.armed) screen.out(`still armed: ${run} reverts at its deadline`);
        return undefined;
      },
    });
  }
  addCall(hold, bind, {
    words: 'show',
    examples: ['hold show'],
    about: 'whether writing is on hold',
    call: 'holdShow',
    input: () => ({}),
    show: (answer, screen) => void screen.out(`hold is ${answer.on ? 'on' : 'off'}`),
  });
};
