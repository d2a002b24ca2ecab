import type { AddCommand } from '../invocation.ts';
import { addCall, textOption } from '../remote/call-command.ts';
import { harmless } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood clocks`: how far the clocks of other machines are from ours. */
export const addClocks: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'clocks',
    examples: ['clocks'],
    about: 'clocks related to ours with offset and error; none in this version',
    options: [['--explain <host>', 'only this clock']],
    call: 'clockList',
    input: (_args, options) => {
      const clock = textOption(options['explain']);
      return clock === undefined ? {} : { clock };
    },
    show: ({ clocks }, screen) =>
      showTable(
        screen,
        'not related in this version: records sort by their own time',
        ['CLOCK', 'OFFSET ms', 'BOUND ms', 'METHOD'],
        clocks.map((one) => [
          harmless(one.clock),
          (one.offsetNs / 1e6).toFixed(3),
          one.boundNs === undefined ? 'unknown' : (one.boundNs / 1e6).toFixed(3),
          one.method,
        ]),
      ),
  });
};
