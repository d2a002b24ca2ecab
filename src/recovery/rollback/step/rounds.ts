import type { GateJudgement } from '../../../model/run/gate.ts';
import type { Act } from './act.ts';
import { checksNow } from './batches.ts';
import { GATE_INTERVAL_MS_MIN } from './limits.ts';
import type { RunMachine, StepContext } from './machine.ts';
import type { RunRecord } from './record.ts';

/** The pause between two rounds of the gate, from the beginning of the first. */
export function pauseBetweenRounds(record: RunRecord): Extract<Act, { kind: 'pause' }> {
  const { intervalMs } = record.plan.content.gate;
  return { kind: 'pause', ms: Math.max(GATE_INTERVAL_MS_MIN, intervalMs), since: 'sample' };
}

/** Adds a round; no more are kept than the gate looks at. */
export function withRound(machine: RunMachine, samples: RunMachine['rounds'][number]): RunMachine {
  const keep = machine.record.plan.content.gate.samples;
  return { ...machine, rounds: [...machine.rounds, samples].slice(-keep) };
}

/** Judges the rounds of this phase against the baseline taken before anything was changed. */
export function judgeRounds(machine: RunMachine, context: StepContext): GateJudgement {
  const { plan, before } = machine.record;
  const { gate } = plan.content;
  const checks = checksNow(machine.record);
  const baseline = before?.baseline ?? [];
  return context.judge({ checks, baseline, rounds: machine.rounds, samples: gate.samples });
}

/** Why the gate is not passed by the rounds seen so far; undefined when it is, or none was seen. */
export function whyShut(machine: RunMachine, context: StepContext): string | undefined {
  if (machine.rounds.length === 0) return undefined;
  const judgement = judgeRounds(machine, context);
  return judgement.kind === 'passed' ? undefined : sentenceOf(judgement);
}

/**
 * What kept silence from keeping what the gate let pass: of the latest rounds not every check is
 * green, one that could not be judged included. Undefined when all are.
 */
export function whyNotGreen({ record, rounds }: RunMachine): string | undefined {
  const asked = record.plan.content.checks;
  for (const { role, check } of asked) {
    for (const round of rounds) {
      const seen = round.find((sample) => sample.check === check);
      if (seen?.color !== 'green') return `${role} ${check}: ${seen?.seen ?? 'no answer'}`;
    }
  }
  return undefined;
}

/** What the latest rounds say against what a person keeps all the same: no claim outlives them. */
export function seenAtConfirm(
  machine: RunMachine,
  context: StepContext,
): { readonly unhealed?: true; readonly harmed?: true; readonly though?: string } {
  if (machine.rounds.length === 0) return {};
  const judgement = judgeRounds(machine, context);
  if (judgement.kind === 'passed') return {};
  const because = judgement.kind === 'failed' ? 'guard-red' : judgement.because;
  const though = sentenceOf(judgement);
  if (because === 'goal-not-green') return { unhealed: true, though };
  return because === 'guard-red' ? { harmed: true, though } : {};
}

/** Why a gate that has not passed has not, for people. */
export function sentenceOf(judgement: Exclude<GateJudgement, { kind: 'passed' }>): string {
  switch (judgement.kind === 'failed' ? 'guard-red' : judgement.because) {
    case 'guard-red':
      return `something that was healthy before is not: ${judgement.why}`;
    case 'goal-not-green':
      return `not healed: ${judgement.why}`;
    case 'no-data':
      return `inconclusive, which is never good: ${judgement.why}`;
    case 'too-few-rounds':
      return `not green for long enough: ${judgement.why}`;
  }
}
