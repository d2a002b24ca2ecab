import { isRole, ROLES } from '../../model/access/principal.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { addCall, listOption, textOption } from '../remote/call-command.ts';
import type { AddCommand } from '../invocation.ts';
import { showTable } from '../screen/table.ts';

/** `lastgood token …`: who may do what. */
export const addToken: AddCommand = (program, bind) => {
  const token = program.command('token').description('access tokens');
  addCreate(token, bind);
  addKeeping(token, bind);
};

function addCreate(...[token, bind]: Parameters<AddCommand>): void {
  addCall(token, bind, {
    words: 'create',
    examples: ['token create --role viewer --name grafana'],
    about: 'make a token; its secret is shown this once',
    options: [
      ['--role <role>', 'what its bearer may do', ROLES],
      ['--name <name>', 'to tell it from others'],
      ['--component <names>', 'only these components, separated by commas'],
    ],
    call: 'tokenCreate',
    input: (_args, options) => {
      const role = textOption(options['role']) ?? '';
      if (!isRole(role)) {
        throw lgError(
          'LG_RUNTIME_USAGE',
          `a token needs a role: --role ${ROLES.join(', --role ')}`,
        );
      }
      const components = listOption(options['component']);
      const name = textOption(options['name']);
      return {
        role,
        ...(name === undefined ? {} : { name }),
        ...(components === undefined ? {} : { components: [...components] }),
      };
    },
    show: (answer, screen) => {
      screen.out(answer.token);
      screen.note(`${answer.id}, role ${answer.role}; shown this once`);
      return undefined;
    },
  });
}

function addKeeping(...[token, bind]: Parameters<AddCommand>): void {
  addCall(token, bind, {
    words: 'list',
    examples: ['token list'],
    about: 'tokens, without their secrets',
    call: 'tokenList',
    input: () => ({}),
    show: ({ tokens }, screen) => {
      const rows = tokens.map((one) => [
        one.id,
        one.role,
        one.components?.join(', ') ?? 'all',
        one.createdAt.slice(0, 19),
        one.name ?? '',
      ]);
      const headers = ['ID', 'ROLE', 'COMPONENTS', 'MADE (UTC)', 'NAME'];
      return showTable(screen, 'no tokens', headers, rows);
    },
  });
  addCall(token, bind, {
    words: 'revoke <id>',
    examples: ['token revoke tok_01m7y1zpt5xpkbmqgs'],
    about: 'make a token worthless at once',
    call: 'tokenRevoke',
    input: ([id = '']) => ({ id }),
    show: ({ id }, screen) => void screen.out(`${id} is revoked`),
  });
}
