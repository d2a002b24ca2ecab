import type { CallAnswer } from '../../api/client.ts';
import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { distance, moment } from '../screen/moment.ts';
import { harmless, paint } from '../screen/paint.ts';
import type { Screen } from '../screen/screen.ts';
import { showTable } from '../screen/table.ts';

type Dependency = CallAnswer<'componentList'>['dependencies'][number];
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

/** By what, how often and until when a dependency was seen. */
function witnessWords({ seen }: Dependency): string {
  return (
    seen
      .map(
        ({ origin, count, lastAt }) => `${origin} ${count}, last ${distance(lastAt, Date.now())}`,
      )
      .join('; ') || '-'
  );
}

/** `lastgood components`: the inventory. */
export const addComponents: AddCommand = (program, bind) => {
  addCall(program, bind, {
    words: 'components',
    examples: ['components', 'components --json'],
    about: 'the inventory, and who needs whom: as declared and as seen',
    call: 'componentList',
    input: () => ({}),
    show: ({ components, dependencies, seenSince }, screen) => {
      showTable(
        screen,
        'no components; name them in lastgood.yaml',
        ['COMPONENT', 'KIND', 'ALIASES', 'DEPENDS ON', 'STATE', 'HEALTH'],
        components.map((one) => [
          one.name,
          one.kind,
          one.aliases.map(harmless).join(', ') || '-',
          one.dependsOn.join(', ') || '-',
          one.state.join(', ') || '-',
          one.checks.map((check) => checkWords(check, screen)).join(', ') || '-',
        ]),
      );
      if (dependencies.length === 0) return undefined;
      screen.out('');
      showTable(
        screen,
        '',
        ['FROM', 'NEEDS', 'DECLARED', 'SEEN BY', 'GAP'],
        dependencies.map((one) => [
          harmless(one.from),
          harmless(one.to),
          one.declared ? 'yes' : 'no',
          witnessWords(one),
          one.gap === undefined ? '-' : paint(screen, 'warn', one.gap),
        ]),
      );
      if (seenSince !== undefined) screen.out(`seen since ${moment(seenSince, Date.now())}`);
      return undefined;
    },
  });
};
