import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { moment } from '../screen/moment.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

type Check = CallAnswer<'componentList'>['components'][number]['checks'][number];

const TONES = { green: 'good', red: 'bad', unknown: 'warn' } as const;

/** A check with how it stands; what it saw only where that is not as it should be. */
function checkWords({ check, color, seen, since }: Check, screen: Screen): string {
  const mark = paint(screen, TONES[color], color);
  const when = since === undefined ? '' : ` since ${moment(since, Date.now())}`;
  return color === 'green'
    ? `${mark}${when} ${harmless(check)}`
    : `${mark}${when} ${harmless(check)} ${harmless(seen)}`;
}

/** `lastgood components`: the inventory. */
export const addComponents: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'components',
    examples: ['components', 'components --json'],
    about: 'the inventory',
    call: 'componentList',
    input: () => ({}),
    show: ({ components }, screen) =>
      showTable(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'KIND', 'DEPENDS ON', 'STATE', 'HEALTH'],
        components.map((one) => [
          one.name,
          one.kind,
          one.dependsOn.join(', ') || '-',
          one.state.join(', ') || '-',
          one.checks.map((check) => checkWords(check, screen)).join(', ') || '-',
        ]),
      ),
  });
};
