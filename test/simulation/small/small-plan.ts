import type { BlobHash } from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import type { Plan, PlanHash, PlanStep } from '../../../src/model/run/plan.ts';
import { batchesIn } from './batches.ts';
import { COMPANION } from './companion.ts';
import type { SmallSetup, Word } from './setup.ts';
import { DEADLINE_TICKS, TICK_MS } from './small-clock.ts';

/** The plan of a small world: every state from `pre` to `tgt`. */
export function planOf(setup: SmallSetup): Plan {
  const steps: PlanStep[] = [];
  for (const { name, steps: count } of setup.states) {
    const words: readonly Word[] = count === 1 ? ['pre', 'tgt'] : ['pre', 'mid', 'tgt'];
    for (let at = 1; at < words.length; at += 1) {
      steps.push(stepBetween(name, String(steps.length + 1), words[at - 1], words[at], 'tgt'));
    }
  }
  const names = setup.states.map(({ name }) => name);
  const held = setup.withCompanion === true ? [...names, COMPANION] : names;
  const check = { check: 'shop', component: 'shop' };
  const guard = { role: 'guard', check: 'till', component: 'till' } as const;
  return {
    id: 'pln_1',
    planHash: 'hash' as PlanHash,
    createdAt: '',
    expiresAt: '',
    requestedBy: 'ann',
    reason: 'test',
    content: {
      target: 'cp_T' as CheckpointId,
      components: names,
      steps,
      changes: [],
      observed: Object.fromEntries(held.map((name) => [name, print(name, 'pre')])),
      risks: [],
      checks: [
        { role: setup.withGoal ? 'goal' : 'guard', ...check },
        ...(setup.withBatches === true ? [guard] : []),
      ],
      ...(setup.withBatches === true ? { batches: batchesIn(setup, steps) } : {}),
      gate: { samples: setup.rounds ?? 1, intervalMs: 1_000 },
      confirmTimeoutMs: DEADLINE_TICKS * TICK_MS,
      onSilence: setup.onSilence,
      ...(setup.withApproval ? { approval: 'it is lossy' } : {}),
      ...(setup.withReach === true ? { reach: [{ component: 'shop', probes: ['way'] }] } : {}),
    },
  };
}

/** One step of a state, whose image in the end is that of `whole`. */
export function stepBetween(
  state: string,
  id: string,
  from: Word | undefined,
  to: Word | undefined,
  whole: Word,
): PlanStep {
  return {
    id,
    state,
    component: state,
    provider: 'word',
    paths: [state],
    expects: print(state, from),
    becomes: print(state, to),
    desired: `${state}:${whole}` as BlobHash,
    commands: [`set ${state} ${to}`],
    disruption: 'none',
  };
}

/** The fingerprint of a state that is at a word. */
export function print(state: string, word: Word | undefined): string {
  return `${state}:${word}`;
}

const WORDS: readonly Word[] = ['pre', 'mid', 'tgt', 'torn', 'ext'];

/** The word in a fingerprint. */
export function wordIn(fingerprint: string): Word {
  return WORDS.find((word) => fingerprint.endsWith(`:${word}`)) ?? 'ext';
}
