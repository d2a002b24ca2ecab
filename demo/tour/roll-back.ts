import { at, listAt, textAt } from './json.ts';
import type { Stage } from './stage.ts';
import { claim } from './wait-for.ts';

/** A plan as `rollback plan --json` prints it, as far as the tour tells it. */
export type TourPlan = { readonly id: string; readonly steps: readonly string[] };

/** How a run ended, as the daemon says and as the command's exit code says. */
export type RunEnd = {
  readonly run: string;
  readonly state: string;
  readonly why: string;
  readonly exitCode: number;
};

/** Plans the recommended rollback, tells its steps, and resolves with it. */
export async function planRollback(stage: Stage): Promise<TourPlan> {
  stage.screen.now('planning the rollback');
  const ended = await stage.daemon.command(['rollback', 'plan']);
  const document = ended.lines[0];
  claim(ended.exitCode === 0, `rollback plan ended with ${ended.exitCode}: ${ended.errorText}`);
  const listed = listAt(document, 'steps');
  const steps = listed.length > 0 ? listed : listAt(document, 'content', 'steps');
  const id = textAt(document, 'id');
  const names = steps.map(stepName);
  claim(id !== '' && names.length > 0, 'rollback plan printed no plan with steps');
  const count = names.length === 1 ? '1 step' : `${names.length} steps`;
  stage.screen.say('act', `lastgood rollback plan: ${count}: ${names.join(', ')}`);
  return { id, steps: names };
}

function stepName(step: unknown): string {
  const component = textAt(step, 'component');
  const provider = textAt(step, 'provider');
  return provider === '' ? textAt(step, 'state') || component : `${component} ${provider}`;
}

/**
 * Applies a plan and follows the run to its end. When the run asks for it, the tour confirms, as
 * the person would; with `keep-if-healed` the engine may have decided already, which is as good.
 */
export async function applyPlan(stage: Stage, plan: TourPlan): Promise<RunEnd> {
  stage.screen.now('rolling back');
  stage.screen.say('act', `lastgood rollback apply ${plan.id}`);
  let token = '';
  let run = '';
  let lastState = '';
  let confirming: Promise<unknown> | undefined;
  const ended = await stage.daemon.command(['rollback', 'apply', plan.id], (line) => {
    token ||= textAt(line, 'token');
    run ||= textAt(line, 'run');
    const state = textAt(line, 'state');
    if (state === '' || state === lastState) return;
    lastState = state;
    stage.screen.now(`the run is ${state}`);
    if (state !== 'AWAITING_CONFIRM') return;
    stage.screen.say('act', `lastgood rollback confirm ${run} --token …`);
    confirming ??= stage.daemon.command(['rollback', 'confirm', run, '--token', token]);
  });
  await confirming;
  const result = ended.lines.at(-1);
  const state = textAt(result, 'state') || lastState;
  const why = textAt(result, 'why') || ended.errorText;
  return { run, state, why, exitCode: ended.exitCode };
}

/** Applies a plan that must heal: checks that the run says COMMITTED and the exit code agrees. */
export async function rollBack(stage: Stage, plan: TourPlan): Promise<RunEnd> {
  const end = await applyPlan(stage, plan);
  const isCommitted = end.state === 'COMMITTED' && end.exitCode === 0;
  const told = `${end.run} ended ${end.state} (exit ${end.exitCode}) ${end.why}`;
  stage.screen.say(isCommitted ? 'good' : 'bad', told);
  claim(isCommitted, `the rollback ended ${end.state} with exit code ${end.exitCode}`);
  return end;
}

/** The state of a run as the daemon tells it now; the empty text while it does not answer. */
export async function runState(stage: Stage, run: string): Promise<RunEnd> {
  const document = await stage.daemon.get(`runs/${run}`);
  const state = textAt(document, 'state') || textAt(at(document, 'run'), 'state');
  return { run, state, why: textAt(document, 'why'), exitCode: 0 };
}
