import type { ApiClient, CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { addCall, listOption, textOption } from '../../remote/call-command.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { addAutomatic } from './automatic.ts';
import { addRollbackList } from './rollback-list.ts';
import { addSecondWord, tellWord } from './second-word.ts';
import {
  confirmWithin,
  exitOfRun,
  followRun,
  followToEnd,
  showRun,
  tellChoice,
} from './run-follow.ts';

/** `lastgood rollback …`: plan, apply, approve, confirm, cancel, undo. */
export const addRollback: AddCommand = (program, bind) => {
  const rollback = program.command('rollback').description('back to a checkpoint, safely');
  addPlan(rollback, bind);
  addStarting(rollback, bind);
  addSecondWord(rollback, bind);
  addDeciding(rollback, bind);
  addRollbackList(rollback, bind);
  addAutomatic(rollback, bind);
  addCall(rollback, bind, {
    words: 'status <run>',
    examples: ['rollback status run_01m7y2031563eh4wgy'],
    about: 'where a run stands, and what remains to be done by hand',
    call: 'runShow',
    input: ([run = '']) => ({ run }),
    show: (answer, screen) => void showRun(answer, screen),
  });
  addCall(rollback, bind, {
    words: 'resume <run>',
    examples: ['rollback resume run_01m7y2031563eh4wgy --to before'],
    about: 'decide a run that needs an operator',
    options: [
      [
        '--to <choice>',
        'target: finish it; before: take it back; accept: leave as it is',
        ['target', 'before', 'accept'],
      ],
    ],
    call: 'runResume',
    input: ([run = ''], options) => ({ run, choice: choiceOf(textOption(options['to'])) }),
    show: (answer, screen) => void showRun(answer, screen),
    judge: exitOfRun,
  });
};

/** Nobody else decides whether a half-applied state is accepted: there is no default. */
function choiceOf(text: string | undefined): 'target' | 'before' | 'accept' {
  if (text === 'target' || text === 'before' || text === 'accept') return text;
  throw lgError(
    'LG_RUNTIME_USAGE',
    'how shall it end? Say --to target, --to before or --to accept',
  );
}

function addPlan(...[rollback, bind]: Parameters<AddCommand>): void {
  addCall(rollback, bind, {
    words: 'plan [checkpoint]',
    examples: [
      'rollback plan',
      'rollback plan --incident inc_01m7y1zpt5xpkbmqgs',
      'rollback plan cp_ef10cd0229c5815fa6897c83 --component checkout',
    ],
    about: 'what going back would do; changes nothing',
    options: [
      ['--component <names>', 'only these components, separated by commas'],
      ['--incident <id>', 'the incident it shall heal'],
      ['--reason <text>', 'kept with the plan'],
    ],
    call: 'planCreate',
    input: ([checkpoint], options) => {
      const components = listOption(options['component']);
      const incident = textOption(options['incident']);
      return {
        reason: textOption(options['reason']) ?? 'planned on the command line',
        ...(checkpoint === undefined ? {} : { checkpoint }),
        ...(components === undefined ? {} : { components: [...components] }),
        ...(incident === undefined ? {} : { incident }),
      };
    },
    show: (answer, screen) => {
      showPlan(answer, screen);
      screen.out(
        answer.steps.length === 0
          ? 'nothing differs from this checkpoint: going back to it would change nothing'
          : `next: lastgood rollback apply ${answer.id}`,
      );
      return undefined;
    },
  });
}

/** Prints a plan: every step with its commands, every change, what may go wrong. */
export function showPlan(plan: CallAnswer<'planCreate'>, screen: Screen): void {
  screen.out(`${paint(screen, 'strong', plan.id)}  to ${plan.target} (${plan.targetStatus})`);
  showChoice(plan, screen);
  const batches = plan.batches ?? [];
  for (const step of plan.steps) {
    const at = batches.findIndex(({ steps }) => steps[0] === step.id);
    const begins = batches.length > 1 ? batches[at] : undefined;
    if (begins !== undefined) screen.out(batchLine(begins, at + 1, batches.length));
    const count = counted(step.paths.length, 'item');
    screen.out(`  ${step.id}. ${step.state}  ${count}  disruption: ${step.disruption}`);
    for (const command of step.commands) screen.out(`       ${harmless(command)}`);
  }
  for (const change of plan.changes) {
    const what = change.secret
      ? 'secret'
      : `${change.before ?? 'absent'} → ${change.after ?? 'absent'}`;
    screen.out(`     ${change.op} ${harmless(change.path)}  ${harmless(what)}`);
  }
  for (const { name, states } of plan.groups ?? []) {
    screen.out(`  together (${harmless(name)}): ${harmless(states.join(', '))}`);
  }
  for (const text of plan.lossTexts) {
    screen.out(`  ${paint(screen, 'warn', 'lost')} ${harmless(text)}`);
  }
  for (const risk of plan.risks) screen.out(`  ${paint(screen, 'warn', 'risk')} ${harmless(risk)}`);
  for (const check of plan.checks) screen.out(`  ${check.role} ${harmless(check.check)}`);
  for (const check of (plan.reach ?? []).flatMap(({ probes }) => probes)) {
    screen.out(`  reach ${harmless(check)}`);
  }
  if (plan.approval !== undefined) screen.out(`  needs an approver: ${harmless(plan.approval)}`);
  screen.out(`  silence: ${plan.onSilence}; valid until ${plan.expiresAt.slice(0, 19)}Z`);
}

type Batch = NonNullable<CallAnswer<'planCreate'>['batches']>[number];

function batchLine(batch: Batch, number: number, of: number): string {
  const { components, soakMs, jitterMs } = batch;
  const seconds =
    jitterMs === 0 ? soakMs / 1000 : `${soakMs / 1000} to ${(soakMs + jitterMs) / 1000}`;
  const then = number === of ? '' : `, then watched for ${seconds} s before the next`;
  return `  batch ${number} of ${of}: ${harmless(components.join(', '))}${then}`;
}

/** Why it goes there, how consistent that is, and where it could go instead. */
function showChoice({ choice, targetClaim }: CallAnswer<'planCreate'>, screen: Screen): void {
  if (choice !== undefined) screen.out(`  because ${harmless(choice.why)}`);
  screen.out(`  consistency ${harmless(targetClaim)}`);
  const second = choice?.runnerUp;
  if (second === undefined) return;
  const words = `${second.checkpoint} of ${second.takenAt.slice(0, 19)}Z: ${second.why}`;
  screen.out(`  second ${harmless(words)}`);
}

function addStarting(...[rollback, bind]: Parameters<AddCommand>): void {
  const apply = addExamples(rollback.command('apply <plan>'), [
    'rollback apply plan_01m7y1zz0hbb5e3mt6',
  ]).description('run a plan and follow it to its end');
  apply.option('--detach', 'answer as soon as the run is journaled');
  apply.option('--break-glass <reason>', 'replaces a missing second approver; everybody is told');
  apply.action(
    bind(async (invocation, options: StartOptions, [id = '']) => {
      const daemon = remoteDaemon(invocation);
      const { planHash } = await daemon.call('planShow', { id });
      const started = await daemon.call('planApply', { id, planHash, ...glassOf(options) });
      return options.detach === true
        ? detached(daemon, started, invocation.screen)
        : followRun(daemon, started, invocation);
    }),
  );
  const undo = addExamples(rollback.command('undo <run>'), [
    'rollback undo run_01m7y2031563eh4wgy',
  ]).description('restore the state before a run');
  undo.option('--detach', 'answer as soon as the run is journaled');
  undo.option('--break-glass <reason>', 'replaces a missing second approver; everybody is told');
  undo.action(
    bind(async (invocation, options: StartOptions, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      const started = await daemon.call('runUndo', { run, ...glassOf(options) });
      return options.detach === true
        ? detached(daemon, started, invocation.screen)
        : followRun(daemon, started, invocation);
    }),
  );
}

interface StartOptions {
  readonly detach?: boolean;
  readonly breakGlass?: string;
}

function glassOf(options: StartOptions): { readonly breakGlass?: string } {
  return options.breakGlass === undefined ? {} : { breakGlass: options.breakGlass };
}

async function detached(
  daemon: ApiClient,
  started: CallAnswer<'planApply'>,
  screen: Screen,
): Promise<0> {
  if (screen.isJson) {
    screen.json(started);
    return 0;
  }
  screen.out(`run ${started.run}, token ${started.token}, deadline ${started.deadline}`);
  screen.out(`  confirm ${confirmWithin(started)}: lastgood rollback status ${started.run}`);
  const run = await daemon.call('runShow', { run: started.run });
  if (run.state === 'AWAITING_APPROVAL') tellWord(run, screen);
  tellChoice(started.run, started.token, screen);
  return 0;
}

/** Both decide a run and then follow it: only its end says whether it was done. */
function addDeciding(...[rollback, bind]: Parameters<AddCommand>): void {
  const confirm = addExamples(rollback.command('confirm <run>'), [
    'rollback confirm run_01m7y2031563eh4wgy --token TOKEN',
  ]).description('keep the new state, and follow the run to its end');
  confirm.option('--token <token>', 'the token apply printed; a run that began by itself has none');
  confirm.option('--detach', 'answer as soon as the decision is journaled');
  confirm.action(
    bind(async (invocation, { token, detach }: ConfirmOptions, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      // The nonce is fetched now: it proves that this connection was opened after the change.
      const { nonce = 'none' } = await daemon.call('runShow', { run });
      const answer = await daemon.call('runConfirm', {
        run,
        nonce,
        ...(token === undefined ? {} : { token }),
      });
      return detach === true
        ? decided(answer, invocation.screen)
        : followToEnd(daemon, run, invocation);
    }),
  );
  const cancel = addExamples(rollback.command('cancel <run>'), [
    'rollback cancel run_01m7y2031563eh4wgy',
  ]).description('go back to the state before the run, and follow it there; always safe');
  cancel.option('--detach', 'answer as soon as the decision is journaled');
  cancel.action(
    bind(async (invocation, { detach }: Pick<ConfirmOptions, 'detach'>, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      const answer = await daemon.call('runCancel', { run });
      return detach === true
        ? decided(answer, invocation.screen)
        : followToEnd(daemon, run, invocation);
    }),
  );
}

interface ConfirmOptions {
  readonly token?: string;
  readonly detach?: boolean;
}

function decided(run: CallAnswer<'runShow'>, screen: Screen): 0 {
  if (screen.isJson) screen.json(run);
  else showRun(run, screen);
  return 0;
}
