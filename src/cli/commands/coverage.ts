import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { distance, moment } from '../screen/moment.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';
import { unresolvedText } from '../screen/unresolved-text.ts';
import { labeled } from '../screen/wrap.ts';

/** `lastgood coverage`: what each component sends and restores, what is missing, who is unknown. */
export const addCoverage: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'coverage',
    examples: ['coverage'],
    about: 'what each component sends and restores, what is missing, and who is unknown',
    call: 'coverageList',
    input: () => ({}),
    show: ({ coverage, unresolved }, screen) => {
      showTable(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'WHAT', 'NEWEST (UTC)', 'GAP'],
        coverage.flatMap((one) => coverageRows(one, screen, Date.now())),
      );
      if (unresolved.length > 0) screen.out('');
      for (const one of unresolved) {
        const label = paint(screen, 'warn', 'unresolved');
        for (const line of labeled(label, unresolvedText(one, Date.now()), screen.columns)) {
          screen.out(line);
        }
      }
      return undefined;
    },
  });
};

/** A line for each thing that a component sends or lacks; its name stands once. */
function coverageRows(
  { component, present, missing, required }: CallAnswer<'coverageList'>['coverage'][number],
  screen: Screen,
  nowMs: number,
): readonly (readonly string[])[] {
  const sent = new Set(required.map(({ what }) => what));
  const lacks = new Map(
    required.flatMap(({ what }) => {
      const lack = missing.find((one) => one.startsWith(`${what}: `));
      return lack === undefined ? [] : [[what, lack.slice(what.length + 2)] as const];
    }),
  );
  const rows = [
    ...required.map(({ what, lastAt, missingSince }) => {
      const lack = lacks.get(what);
      const last = lastAt === undefined ? '' : `last one ${distance(lastAt, nowMs)}`;
      const since = missingSince === undefined ? '' : `, since ${moment(missingSince, nowMs)}`;
      const words = `required, ${harmless(lack ?? '')}${since}`;
      const gap = lack === undefined ? last : paint(screen, 'warn', words);
      return [harmless(what), lastAt?.slice(0, 19) ?? 'never', gap];
    }),
    ...present.filter((what) => !sent.has(what)).map((what) => [what, '-', '-']),
    ...missing
      .filter((what) => !sent.has(what.replace(/: [^:]*$/, '')))
      .map((what) => [
        what.replace(/:.*/, ''),
        '-',
        paint(screen, 'warn', what.replace(/^.*?: /, '')),
      ]),
  ];
  return rows.map((row, index) => [index === 0 ? component : '', ...row]);
}
