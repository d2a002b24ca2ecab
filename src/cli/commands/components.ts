import type { AddCommand } from '../invocation.ts';
import { addCall } from '../remote/call-command.ts';
import { showTable } from '../screen/table.ts';

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
          one.health.join(', ') || '-',
        ]),
      ),
  });
};
