import { engine, plan, trouble, scope } from './proofs.ts';
import type { Property } from './property.ts';

const MUTATE = 'src/recovery/rollback/step/mutate.ts';
const REVERT = 'src/recovery/rollback/step/revert.ts';

/** What holds while states are changed. */
export const WHILE: readonly Property[] = [
  {
    number: 11,
    name: 'Intent before act',
    sentence:
      '`kill -9` at any instruction leaves an open INTENT that is resolved by reading: before, ' +
      'desired, torn or foreign.',
    safeguards: [
      {
        does: 'the INTENT is durable before the step is looked at and applied',
        file: MUTATE,
        line: "const written = write(machine, { kind: 'intent', at: stamp(at), direction, step });",
        without:
          "const written = { ...write(machine, { kind: 'intent', at: stamp(at), direction, step }), effects: [] };",
        proof: engine(
          'P is taken, timers are armed and the intent is durable before the first change',
        ),
      },
      {
        does: 'a state whose settings are gone ends the run with a map, and is not asked for ever',
        file: 'src/recovery/rollback/step/take-over.ts',
        line: "if (OUT_OF_REACH.has(result.code ?? '')) return leaveAlone(machine, result.why, at);",
        without: '',
        proof: trouble(
          'a run whose state nobody knows any more waits for an operator, not for ever',
        ),
      },
    ],
  },
  {
    number: 12,
    name: 'Steps are idempotent',
    sentence: 'Or the provider says that they are not, and they are never repeated blindly.',
    safeguards: [
      {
        does: 'what is half done and not idempotent is left to a person',
        file: REVERT,
        line: "if (where === 'torn' && !preparedState(record, state).traits.idempotent) {",
        without: "if (where === 'unknown') {",
        proof: engine('what tears and may not be repeated is left to a person'),
      },
    ],
  },
  {
    number: 13,
    name: 'Foreign changes are never overwritten silently',
    sentence:
      'The run stops at that component. Every mutation carries the fingerprint that was observed ' +
      'last; the provider looks once more when everything is prepared, and at each item right ' +
      'before its own rename ([what remains](../SECURITY.md#what-does-not)).',
    safeguards: [
      {
        does: 'the way back leaves what is neither P, T nor a mix of both',
        file: REVERT,
        line: "if (where === 'foreign') return stuck(machine, `${state} was changed by somebody else`);",
        without: '',
        proof: trouble("a third party's change is kept, and a person gets map and commands"),
      },
      {
        does: 'a step that changed nothing takes its INTENT back, so that nothing passes for ours',
        file: MUTATE,
        line: "return { kind: 'failed', why, ...write(machine, entry) };",
        without: 'return failed(machine, entry.why);',
        proof: {
          file: 'test/scenarios/foreign-change.test.ts',
          test: 'what a colleague wrote while a step was prepared survives the way back',
        },
      },
      {
        does: 'what the settings at capture did not cover is no part of the plan',
        file: 'src/daemon/recovery/state-as-captured.ts',
        line: "if (kind === 'wider') return ok({ state: underScope(state, scope, keys), uncovered: what });",
        without: "if (kind === 'wider') return ok({ state, uncovered: what });",
        proof: scope('what the settings at capture did not cover is no part of a rollback to it'),
      },
      {
        does: "what today's settings do not cover is not brought back",
        file: 'src/model/checkpoint/capture-scope.ts',
        line: "if (lacking.length > 0) return { kind: 'other', what: lacking };",
        without: '',
        proof: scope(
          'what the settings of today do not cover is not brought back, and the plan says so',
        ),
      },
    ],
  },
  {
    number: 14,
    name: 'Order follows dependencies',
    sentence: 'And is reversed on undo.',
    safeguards: [
      {
        does: 'an undo is planned the other way round',
        file: 'src/recovery/plan/make-plan.ts',
        line: "return { order: input.direction === 'undo' ? order.toReversed() : order, circular };",
        without: 'return { order, circular };',
        proof: plan('what others stand on is restored first, and last when it is undone'),
      },
      {
        does: 'a run goes back from its last state to its first',
        file: REVERT,
        line: 'statesOf(machine.record).findLast((one) => !machine.back.includes(one))',
        without: 'statesOf(machine.record).find((one) => !machine.back.includes(one))',
        proof: engine('the way back goes through the states in reverse'),
      },
    ],
  },
];
