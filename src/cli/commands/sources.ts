import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood sources`: what is collected, with health. */
export const addSources: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'sources',
    examples: ['sources'],
    about: 'what is collected, with health',
    call: 'sourceList',
    input: () => ({}),
    show: ({ sources }, screen) => showSources(sources, screen),
  });
};

/** A line for each source; `-` where a source cannot see whether it missed something. */
export function showSources(
  sources: CallAnswer<'sourceList'>['sources'],
  screen: Screen,
): undefined {
  return showTable(
    screen,
    'no sources',
    ['SOURCE', 'STATE', 'RECORDS', 'REJECTS', 'GAPS', 'SHED', 'LAST', 'TARGET'],
    sources.map((one) => [
      one.id,
      paint(screen, one.state === 'running' ? 'good' : 'warn', one.state),
      `${one.records}`,
      `${one.rejects}`,
      one.gaps === undefined ? '-' : paint(screen, one.gaps === 0 ? 'dim' : 'warn', `${one.gaps}`),
      `${one.shed}`,
      one.lastRecordAt?.slice(0, 19) ?? '-',
      `${one.target}${one.problem === undefined ? '' : `  ${harmless(one.problem)}`}`,
    ]),
  );
}
