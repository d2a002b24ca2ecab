import { existsSync } from 'node:fs';
import type { CallAnswer } from '../../../api/client.ts';
import { LastgoodError } from '../../../base/error.ts';
import { readAutomaticOff, writeAutomaticOff } from '../../../config/automatic-switch.ts';
import { dataFolder, defaultDataRoot, type DataFolder } from '../../../config/data-folder.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand, Invocation } from '../../invocation.ts';
import { namedDaemon } from '../../remote/named-daemon.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';
import { announcedLines } from './announced-lines.ts';

const HELP = `
The switch is the file automatic.off in the data directory, so it also works while no daemon runs;
one that runs looks at it every second, and calls off what is announced. A rollback that has begun
is not stopped by it: lastgood rollback cancel RUN. From another machine: lastgood hold on.`;

/** `lastgood rollback automatic …`: what begins by itself, and the switch against it. */
export const addAutomatic: AddCommand = (rollback, bind) => {
  const automatic = rollback
    .command('automatic')
    .description('what begins by itself, and the switch against it')
    .action(bind(async (invocation) => tell(invocation)));
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
  addExamples(automatic.command('status'), ['rollback automatic', 'rollback automatic status'])
    .description('whether the switch is thrown, and what is announced; said without a word, too')
    .action(bind(async (invocation) => tell(invocation)));
};

/** The switch of this host where that is asked, and what the daemon has announced. */
async function tell(invocation: Invocation): Promise<0> {
  const { screen } = invocation;
  const here = namedDaemon(invocation) === undefined ? switchOf(folderOf(invocation)) : undefined;
  const announced = await announcedBy(invocation);
  if (screen.isJson) {
    screen.json({ ...here, ...(announced === undefined ? {} : { announced }) });
    return 0;
  }
  if (here !== undefined) showSwitch(here, screen);
  if (announced === undefined) screen.out('no daemon runs on this data directory now');
  else if (announced.length === 0) screen.out('nothing is announced now');
  for (const one of announced ?? []) {
    for (const line of announcedLines(one, Date.now())) screen.out(line);
  }
  return 0;
}

/** What a daemon has announced; undefined where none runs here. */
async function announcedBy(
  invocation: Invocation,
): Promise<CallAnswer<'status'>['announced'] | undefined> {
  try {
    return (await remoteDaemon(invocation).call('status', {})).announced;
  } catch (error) {
    const isGone = error instanceof LastgoodError && error.code === 'LG_API_DAEMON_UNREACHABLE';
    if (isGone && namedDaemon(invocation) === undefined) return undefined;
    throw error;
  }
}

function folderOf(invocation: Invocation): DataFolder {
  const { options, env } = invocation;
  const named = namedDaemon(invocation);
  if (named !== undefined) {
    const detail = `the switch lies in the data directory of the daemon, not at ${named}`;
    const instead =
      'call this on its host without --url and LASTGOOD_URL, ' +
      'or stop every write: lastgood hold on --reason WHY';
    throw lgError('LG_RUNTIME_USAGE', `${detail}; ${instead}`);
  }
  return dataFolder(options.data ?? defaultDataRoot(env, process.getuid?.() === 0), env);
}

function turn(invocation: Invocation, reason: string | undefined): 0 {
  const folder = folderOf(invocation);
  const written = writeAutomaticOff(folder.automaticOff, reason);
  if (!written.ok) throw written.error;
  const thrown = switchOf(folder);
  if (invocation.screen.isJson) {
    invocation.screen.json(thrown);
    return 0;
  }
  showSwitch(thrown, invocation.screen);
  if (!existsSync(folder.daemon)) {
    invocation.screen.out('no daemon runs on this data directory now');
  }
  return 0;
}

/** The switch as its file tells it. */
interface Switch {
  readonly off: boolean;
  readonly file: string;
  readonly reason?: string;
}

function switchOf({ automaticOff: file }: DataFolder): Switch {
  const reason = readAutomaticOff(file);
  return reason === undefined ? { off: false, file } : { off: true, file, reason };
}

function showSwitch({ file, reason }: Switch, screen: Screen): void {
  if (reason === undefined) {
    screen.out('the switch is not thrown: rollback.automatic of the configuration decides');
    return;
  }
  screen.out(`no rollback begins by itself: ${paint(screen, 'warn', 'off')}, ${harmless(reason)}`);
  screen.out(`  by ${file}; take it back: lastgood rollback automatic on`);
}
