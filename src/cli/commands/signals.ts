import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { harmless, paint } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood signals`: what fired and cleared. */
export const addSignals: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'signals',
    examples: ['signals'],
    about: 'what fired and cleared, newest first',
    call: 'signalList',
    input: () => ({}),
    show: ({ signals }, screen) =>
      showTable(
        screen,
        'no signals',
        ['AT (UTC)', 'PHASE', 'TRIGGER', 'COMPONENT', 'WHY'],
        signals.map((one) => [
          one.at.slice(0, 19),
          paint(screen, one.phase === 'raised' ? 'bad' : 'good', one.phase),
          one.trigger,
          harmless(one.component),
          harmless(one.reason),
        ]),
      ),
  });
};
