import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { harmless, paint } from '../screen/paint.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood sources`: what is collected, with health. */
export const addSources: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'sources',
    examples: ['sources'],
    about: 'what is collected, with health',
    call: 'sourceList',
    input: () => ({}),
    show: ({ sources }, screen) =>
      showTable(
        screen,
        'no sources',
        ['SOURCE', 'STATE', 'RECORDS', 'REJECTS', 'SHED', 'LAST', 'TARGET'],
        sources.map((one) => [
          one.id,
          paint(screen, one.state === 'running' ? 'good' : 'warn', one.state),
          `${one.records}`,
          `${one.rejects}`,
          `${one.shed}`,
          one.lastRecordAt?.slice(0, 19) ?? '-',
          `${one.target}${one.problem === undefined ? '' : `  ${harmless(one.problem)}`}`,
        ]),
      ),
  });
};
