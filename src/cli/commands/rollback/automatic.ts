import { existsSync } from 'node:fs';
import { readAutomaticOff, writeAutomaticOff } from '../../../config/automatic-switch.ts';
import { dataFolder, defaultDataRoot, type DataFolder } from '../../../config/data-folder.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand, Invocation } from '../../invocation.ts';
import { harmless, paint } from '../../screen/paint.ts';

const HELP = `
The switch is the file automatic.off in the data directory, so it also works while no daemon runs;
one that runs looks at it every second, and calls off what is announced. A rollback that has begun
is not stopped by it: lastgood rollback cancel RUN. From another machine: lastgood hold on.`;

/** `lastgood rollback automatic …`: the switch against rollbacks that begin by themselves. */
export const addAutomatic: AddCommand = (rollback, bind) => {
  const automatic = rollback
    .command('automatic')
    .description('the switch against rollbacks that begin by themselves');
  addExamples(automatic.command('off'), ['rollback automatic off --reason "we move the racks"'])
    .description('from now on none begins by itself; works while no daemon runs, too')
    .requiredOption('--reason <text>', 'whoever wonders reads it')
    .addHelpText('after', HELP)
    .action(
      bind(async (invocation, { reason }: { readonly reason: string }) => {
        if (reason.trim() === '') throw lgError('LG_RUNTIME_USAGE', 'why? Say --reason TEXT');
        return turn(invocation, reason);
      }),
    );
  addExamples(automatic.command('on'), ['rollback automatic on'])
    .description('take the switch back: rollback.automatic of the configuration decides again')
    .action(bind(async (invocation) => turn(invocation, undefined)));
  addExamples(automatic.command('show'), ['rollback automatic show'])
    .description('whether the switch is thrown')
    .action(bind(async (invocation) => show(folderOf(invocation), invocation)));
};

function folderOf({ options, env }: Invocation): DataFolder {
  if (options.url !== undefined) {
    const detail = `the switch lies in the data directory of the daemon, not at ${options.url}`;
    const instead = 'call this on its host, or stop every write: lastgood hold on --reason WHY';
    throw lgError('LG_RUNTIME_USAGE', `${detail}; ${instead}`);
  }
  return dataFolder(options.data ?? defaultDataRoot(env, process.getuid?.() === 0), env);
}

function turn(invocation: Invocation, reason: string | undefined): 0 {
  const folder = folderOf(invocation);
  const written = writeAutomaticOff(folder.automaticOff, reason);
  if (!written.ok) throw written.error;
  return show(folder, invocation);
}

function show({ automaticOff, daemon }: DataFolder, { screen }: Invocation): 0 {
  const why = readAutomaticOff(automaticOff);
  if (screen.isJson) {
    const said = why === undefined ? {} : { reason: why };
    screen.json({ off: why !== undefined, file: automaticOff, ...said });
    return 0;
  }
  if (why === undefined) {
    screen.out('the switch is not thrown: rollback.automatic of the configuration decides');
    return 0;
  }
  screen.out(`no rollback begins by itself: ${paint(screen, 'warn', 'off')}, ${harmless(why)}`);
  screen.out(`  by ${automaticOff}; take it back: lastgood rollback automatic on`);
  if (!existsSync(daemon)) screen.out('  no daemon runs on this data directory now');
  return 0;
}
