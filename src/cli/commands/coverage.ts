import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { distance } from '../screen/moment.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood coverage`: what each component sends and restores, and what is missing. */
export const addCoverage: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'coverage',
    examples: ['coverage'],
    about: 'what each component sends and restores, and what is missing',
    call: 'coverageList',
    input: () => ({}),
    show: ({ coverage }, screen) =>
      showTable(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'WHAT', 'NEWEST (UTC)', 'GAP'],
        coverage.flatMap((one) => coverageRows(one, screen, Date.now())),
      ),
  });
};

/** A line for each thing that a component sends or lacks; its name stands once. */
function coverageRows(
  { component, present, missing, required }: CallAnswer<'coverageList'>['coverage'][number],
  screen: Screen,
  nowMs: number,
): readonly (readonly string[])[] {
  const sent = new Set(required.map(({ what }) => what));
  const rows = [
    ...required.map(({ what, lastAt }) =>
      lastAt === undefined
        ? [harmless(what), 'never', paint(screen, 'warn', 'required, none received')]
        : [harmless(what), lastAt.slice(0, 19), `last one ${distance(lastAt, nowMs)}`],
    ),
    ...present.filter((what) => !sent.has(what)).map((what) => [what, '-', '-']),
    ...missing
      .filter((what) => !sent.has(what.replace(/: none received$/, '')))
      .map((what) => [
        what.replace(/:.*/, ''),
        '-',
        paint(screen, 'warn', what.replace(/^.*?: /, '')),
      ]),
  ];
  return rows.map((row, index) => [index === 0 ? component : '', ...row]);
}
