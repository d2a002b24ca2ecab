import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { harmless, paint } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood triggers`: the rules with what they see now; `trigger explain` tells one in depth. */
export const addTriggers: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'triggers',
    examples: ['triggers'],
    about: 'rules with what they see now',
    call: 'triggerList',
    input: () => ({}),
    show: ({ triggers }, screen) =>
      showTable(
        screen,
        'no triggers; name them in lastgood.yaml',
        ['TRIGGER', 'STATE', 'COMPONENT', 'VALUE', 'LIMIT'],
        triggers.map((one) => [
          harmless(one.name),
          paint(
            screen,
            one.state === 'firing' ? 'bad' : one.state === 'quiet' ? 'good' : 'warn',
            one.state,
          ),
          harmless(one.component ?? 'each'),
          one.value?.toPrecision(4) ?? '-',
          `${one.limit ?? '-'}`,
        ]),
      ),
  });
  const trigger = program.command('trigger').description('one trigger in depth');
  addCall(trigger, bind, {
    words: 'explain <name>',
    examples: ['trigger explain errors'],
    about: 'what it read, what it saw, why it fired or not',
    call: 'triggerExplain',
    input: ([name = '']) => ({ name }),
    show: ({ triggers }, screen) => {
      for (const one of triggers)
        screen.out(`${harmless(one.component ?? one.name)}: ${harmless(one.explanation)}`);
      return undefined;
    },
  });
};
