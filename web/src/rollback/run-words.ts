import { assertUnreachable } from '../part/assert-unreachable.ts';
import type { Run, RunState } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';

/** How a run's state looks, and its name for people. */
export const RUN_LOOK: Readonly<Record<RunState, { readonly tone: Tone; readonly words: string }>> =
  {
    PLANNED: { tone: 'busy', words: 'planned' },
    AWAITING_APPROVAL: { tone: 'warn', words: 'awaits a second person' },
    PREPARING: { tone: 'busy', words: 'preparing' },
    APPLYING: { tone: 'busy', words: 'applying' },
    VERIFYING: { tone: 'busy', words: 'verifying' },
    AWAITING_CONFIRM: { tone: 'warn', words: 'awaits confirmation' },
    COMMITTING: { tone: 'busy', words: 'committing' },
    REVERTING: { tone: 'warn', words: 'going back' },
    COMMITTED: { tone: 'good', words: 'committed' },
    REVERTED: { tone: 'warn', words: 'reverted' },
    ABORTED: { tone: 'quiet', words: 'aborted' },
    NEEDS_OPERATOR: { tone: 'bad', words: 'needs an operator' },
  };

/** The stages of a run in order; the way back is told apart. */
export const STAGES = ['Prepare', 'Apply', 'Verify', 'Confirm', 'Commit'] as const;

/** Which stage a state belongs to; COMMITTED is beyond the last. */
export function stageOf(state: RunState): number | undefined {
  switch (state) {
    case 'PLANNED':
    case 'AWAITING_APPROVAL':
    case 'PREPARING':
      return 0;
    case 'APPLYING':
      return 1;
    case 'VERIFYING':
      return 2;
    case 'AWAITING_CONFIRM':
      return 3;
    case 'COMMITTING':
      return 4;
    case 'COMMITTED':
      return STAGES.length;
    case 'REVERTING':
    case 'REVERTED':
    case 'ABORTED':
    case 'NEEDS_OPERATOR':
      return undefined;
    default:
      return assertUnreachable(state);
  }
}

/** What silence means, in a sentence. */
export function silenceWords(onSilence: Run['onSilence']): string {
  return onSilence === 'revert'
    ? 'Without confirmation everything goes back to how it was before.'
    : 'If everything is healthy the new state is kept by itself; otherwise everything goes back.';
}

/** Whether a run still goes on: it is at no end and nobody has to decide it by hand. */
export function isRunning(run: Pick<Run, 'state'>): boolean {
  return !['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'].includes(run.state);
}

/** Whether cancelling still has a meaning. */
export function canCancel(state: RunState): boolean {
  return stageOf(state) !== undefined && state !== 'COMMITTED' && state !== 'COMMITTING';
}

/** Where a state stands, in words. */
export const AT_WORDS: Readonly<
  Record<Run['progress'][number]['at'], { readonly tone: Tone; readonly words: string }>
> = {
  before: { tone: 'quiet', words: 'as before' },
  target: { tone: 'good', words: 'at the target' },
  torn: { tone: 'bad', words: 'half changed' },
  foreign: { tone: 'bad', words: 'changed by somebody else' },
  unknown: { tone: 'warn', words: 'not known' },
};

/** Whether the reason of a run's end says already that it healed; most do. */
export function saysHealed(why: string | undefined): boolean {
  return /^healed\b/.test(why ?? '');
}
