import { toSecond } from '../../base/time.ts';
import { createInterface } from 'node:readline/promises';
import { ownUserName } from '../../account/own-user.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { unwrap } from '../../base/result.ts';
import type { RunView } from '../../model/run/run.ts';
import { addExamples } from '../example.ts';
import type { AddCommand, Invocation } from '../invocation.ts';
import { dataRootOf, fromDataDirectory } from '../offline/read-without-daemon.ts';
import { showRestorable } from './checkpoint/restorable-list.ts';
import { showPlan } from './rollback/plan.ts';
import { exitOfRun } from './rollback/run-follow.ts';
import { showRun } from './rollback/show-run.ts';
import { announce } from './rollback/show-started.ts';

interface RestoreOptions {
  readonly component?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly breakGlass?: string;
}

const HELP = `
Without an ID it lists what could be restored, and the command to type. By hand instead:
\`lastgood checkpoint export ID DIR\` writes plain files and the commands, and like \`checkpoint
list\`, \`checkpoint show\` and \`rollback status\` it needs no daemon either.

Needs the data directory and its key, nothing else; the configuration is --config, else what the
daemon ran with last. Takes the lock of the data directory, prepares the undo first, and journals
every step, so that a daemon started later takes over whatever is left. A run that the daemon left
unfinished is ended first.

The health checks of the configuration judge the result; triggers cannot, without a daemon. When
everything is applied and healthy, a terminal is asked whether to keep it, and no answer goes back.
With --yes it is kept without asking. So it is without a terminal, where nobody could answer, but
what carries traffic is kept only if its reach probe answers: then say --yes. Ctrl-C goes back.
Take a kept restore back later with \`lastgood rollback undo RUN\`.`;

/** `lastgood restore`: a rollback with the daemon dead. */
export const addRestore: AddCommand = (program, bind) => {
  addExamples(program.command('restore [id]'), [
    'restore --data /var/lib/lastgood',
    'restore cp_ef10cd0229c5815fa6897c83 --data /var/lib/lastgood --dry-run',
  ])
    .description('go back to a checkpoint with the daemon dead; without an id, list them')
    .option('--component <names>', 'only these components, separated by commas')
    .option('--dry-run', 'print the plan and change nothing')
    .option('--yes', 'keep it when every check is green, without asking')
    .option('--break-glass <reason>', 'replaces a missing second approver; everybody is told')
    .addHelpText('after', HELP)
    .action(
      bind(
        async (invocation, own: RestoreOptions, [id]) => {
          const { screen } = invocation;
          if (id === undefined) return listRestorable(invocation);
          const { restoreWithoutDaemon } = await import('../../daemon/offline/restore-offline.ts');
          const ended = unwrap(await restoreWithoutDaemon(askedOf(invocation, own, id)));
          if (ended === undefined) return 0;
          if (screen.isJson) screen.json(ended);
          else showRun(ended, screen);
          return exitOfRun(ended);
        },
        { drains: true },
      ),
    );
};

async function listRestorable(invocation: Invocation): Promise<0> {
  const { screen, options } = invocation;
  const list = await fromDataDirectory('checkpointList')(invocation, {});
  const given = (['data', 'config'] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name}`, shellQuote(value)];
  });
  if (screen.isJson) screen.json(list);
  else showRestorable(list.checkpoints, screen, given);
  return 0;
}

function askedOf(invocation: Invocation, own: RestoreOptions, checkpoint: string) {
  const { options, env, signal, screen } = invocation;
  return {
    dataRoot: dataRootOf(invocation),
    checkpoint,
    components: own.component?.split(',').map((name) => name.trim()),
    dryRun: own.dryRun === true,
    configFile: options.config,
    breakGlass: own.breakGlass,
    by: `local:${ownUserName()}`,
    env,
    signal,
    planned: (plan: Parameters<typeof showPlan>[0]) => {
      if (!screen.isJson) showPlan(plan, screen, silenceWords(own));
      else if (own.dryRun === true) screen.json(plan);
    },
    started: (run: Parameters<typeof announce>[0]) => announce(run, screen),
    changed: (run: RunView) => {
      if (screen.isJson) screen.json(run);
      else screen.out(`${run.state}`);
    },
    note: screen.note,
    keep: async (run: RunView, moot: AbortSignal) => {
      if (own.yes === true) return { isKept: true, word: 'option' } as const;
      if (!process.stdin.isTTY) return { isKept: true, word: 'nobody' } as const;
      return { isKept: await askToKeep(run, moot), word: 'terminal' } as const;
    },
  };
}

/** What follows where nobody answers; undefined where somebody is asked, as by any other plan. */
function silenceWords({ yes }: RestoreOptions): string | undefined {
  const kept = 'kept once every check is green, else it goes back';
  if (yes === true) return `--yes asks nobody: ${kept}`;
  if (process.stdin.isTTY) return undefined;
  return `no terminal to ask at: ${kept}, as does what carries traffic without a reach probe`;
}

/** Asks on the terminal. No answer, or anything but yes, goes back. */
async function askToKeep(run: RunView, moot: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode the terminal gives Ctrl-C to us alone.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const until = run.deadline === undefined ? '' : ` before ${toSecond(run.deadline)}`;
  try {
    const answer = await terminal.question(
      `Everything is restored and healthy. Keep it? Answer yes${until}, else it goes back: `,
      { signal: moot },
    );
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    // Time was up, or somebody pressed Ctrl-C: the run goes back by itself.
    return false;
  } finally {
    terminal.close();
  }
}
