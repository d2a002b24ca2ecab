import type { CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { formatDuration, toSecond } from '../../../base/time.ts';
import type { AddCommand } from '../../invocation.ts';
import { addCall, listOption, textOption } from '../../remote/call-command.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

/** `lastgood rollback plan`: what going back would do. */
export const addPlan: AddCommand = (rollback, bind) => {
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
      if (answer.steps.length > 0) screen.out(`  ${confirmWords(answer)}`);
      screen.out(nextWords(answer));
      return undefined;
    },
  });
};

/** How long there is to look, and why it is not what is configured. */
function confirmWords({ confirmTimeoutMs, confirmWhy }: CallAnswer<'planCreate'>): string {
  const why = confirmWhy === undefined ? '' : ` (${harmless(confirmWhy)})`;
  return `goes back unless confirmed within ${formatDuration(confirmTimeoutMs)}${why}`;
}

function nextWords({ id, steps, obstacles }: CallAnswer<'planCreate'>): string {
  if (steps.length === 0) {
    return 'nothing differs from this checkpoint: going back to it would change nothing';
  }
  const next = `next: lastgood rollback apply ${id}`;
  return obstacles === undefined ? next : `${next}, once nothing is in its way`;
}

/** Prints a plan: every step with its commands, every change, what may go wrong. */
export function showPlan(
  plan: CallAnswer<'planCreate'>,
  screen: Screen,
  silence = `silence: ${plan.onSilence}`,
): void {
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
  for (const { text } of plan.obstacles ?? []) {
    screen.out(`  ${paint(screen, 'bad', 'in the way')} ${harmless(text)}`);
  }
  screen.out(`  ${silence}; valid until ${toSecond(plan.expiresAt)}`);
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
  const words = `${second.checkpoint} of ${toSecond(second.takenAt)}: ${second.why}`;
  screen.out(`  second ${harmless(words)}`);
}
