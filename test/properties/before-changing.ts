import { automatic, company, engine, plan, rejected, run, secondWord, word } from './proofs.ts';
import type { Property } from './property.ts';

const PREPARE = 'src/recovery/rollback/step/prepare.ts';
const MAKE_PLAN = 'src/recovery/plan/make-plan.ts';
const WORD = 'src/recovery/rollback/step/second-word.ts';
const START = 'src/recovery/rollback/start-run.ts';

/** What holds of a plan, and of the way to the first change. */
export const BEFORE: readonly Property[] = [
  {
    number: 1,
    name: 'A plan is a value',
    sentence:
      'Equal inputs give byte-equal plans; a plan names every component, item, command, ' +
      'disruption and risk.',
    safeguards: [
      {
        does: 'states are put in one order, however they were given',
        file: MAKE_PLAN,
        line: 'input.states.toSorted(byOrder(order, input.direction))',
        without: '[...input.states]',
        proof: plan('equal inputs give byte-equal plans, in whatever order the states are given'),
      },
      {
        does: 'a plan that is not what its hash says does not start',
        file: START,
        line: 'if (sha256(canonicalJson(plan.content)) !== plan.planHash) {',
        without: 'if (plan.planHash.length === 0) {',
        proof: run('a plan that was altered, or is too old, is refused'),
      },
    ],
  },
  {
    number: 2,
    name: 'A stale plan is refused',
    sentence: "If any observed fingerprint differs from the plan's, nothing is changed.",
    safeguards: [
      {
        does: 'every state is read before there is a run',
        file: START,
        line: 'if (fingerprintOf(image.value) === plan.content.observed[state]) continue;',
        without: 'if (image.ok) continue;',
        proof: run('a stale plan is refused before there is a run'),
      },
      {
        does: 'P must be as the plan saw it',
        file: PREPARE,
        line: 'if (kept.fingerprint !== observed[found.state]) return abort(machine, stale(found.state));',
        without: '',
        proof: run('a plan that goes stale while it is prepared aborts with nothing changed'),
      },
      {
        does: 'what travels with it and is as wanted already is part of what the plan saw',
        file: MAKE_PLAN,
        line: '[...touched, ...companionsOf(touched, input)]',
        without: '[...touched, ...companionsOf([], input)]',
        proof: company('a member that was equal at planning and has changed makes the plan stale'),
      },
      {
        does: 'and is read once more when P is taken',
        file: PREPARE,
        line: 'if (companions.length === 0) return prepared(machine, entry, at);',
        without: 'if (companions.length >= 0) return prepared(machine, entry, at);',
        proof: company('a member that changes while P is taken ends the run with nothing changed'),
      },
      {
        does: 'and again until it is confirmed',
        file: 'src/recovery/rollback/step/verify.ts',
        line: 'if (wrong !== undefined || moved !== undefined) {',
        without: 'if (wrong !== undefined) {',
        proof: company('a member changed by somebody before the confirm turns the run back, named'),
      },
      {
        does: 'a plan of another day is too old',
        file: START,
        line: 'if (expires === undefined || clock.now() >= expires) {',
        without: 'if (expires === undefined) {',
        proof: run('a plan that was altered, or is too old, is refused'),
      },
    ],
  },
  {
    number: 3,
    name: 'P comes first',
    sentence: 'The journal has no INTENT before P is sealed and read back.',
    safeguards: [
      {
        does: 'P is taken between the last look and the timers',
        file: PREPARE,
        line: "return begin(machine, next, { kind: 'take-before', states: statesOf(machine.record) });",
        without:
          "const { observed } = machine.record.plan.content; const states = statesOf(machine.record).map((state) => ({ state, fingerprint: observed[state], image: '' })); return beforeTaken(machine, next, { kind: 'before-taken', before: { checkpoint: 'cp_none', states }, baseline: [] }, at);",
        proof: engine(
          'P is taken, timers are armed and the intent is durable before the first change',
        ),
      },
    ],
  },
  {
    number: 4,
    name: 'A timer is armed before the first change',
    sentence: 'On the target where the provider can do that, else by the dead-man on its host.',
    safeguards: [
      {
        does: 'every state that can have a timer gets one before ARMED',
        file: PREPARE,
        line: "const timers = entry.states.filter(({ traits }) => traits.confirm !== 'none');",
        without: 'const timers = entry.states.slice(0, 0);',
        proof: engine(
          'P is taken, timers are armed and the intent is durable before the first change',
        ),
      },
    ],
  },
  {
    number: 5,
    name: 'Irreversible or lossy items are named before',
    sentence:
      'They need a second person, who approves the hash of the plan; breaking the glass replaces ' +
      'that word alone, and everybody is told. None of it ever runs by itself.',
    safeguards: [
      {
        does: 'an item that cannot be taken back whole is left to a person',
        file: 'src/recovery/automatic/this-plan.ts',
        line: "changes.filter(({ reversible }) => reversible !== 'yes');",
        without: "changes.filter(({ reversible }) => reversible === 'no');",
        proof: automatic('not by itself: irreversible item'),
      },
      {
        does: 'so is data',
        file: 'src/recovery/automatic/this-plan.ts',
        line: '...(dataBearing === false ? [] :',
        without: '...(confirm !== undefined ? [] :',
        proof: automatic('not by itself: data'),
      },
      {
        does: 'and every risk but a restart',
        file: 'src/recovery/automatic/this-plan.ts',
        line: 'risks.filter((risk) => !routine.has(risk))',
        without: "risks.filter((risk) => risk === '')",
        proof: automatic('not by itself: any other risk'),
      },
      {
        does: 'and what needs a second word',
        file: 'src/recovery/automatic/this-plan.ts',
        line: '...(approval === undefined ? [] :',
        without: '...(approval !== undefined ? [] :',
        proof: automatic('not by itself: approval'),
      },
      {
        does: 'a plan that would lose something asks for a second word',
        file: 'src/recovery/plan/name-risks.ts',
        line: 'if (lossy > 0) reasons.push(',
        without: 'if (lossy < 0) reasons.push(',
        proof: plan('losing something needs a second word and is never kept by silence'),
      },
      {
        does: 'so does one that would bring an expired certificate back',
        file: 'src/recovery/plan/irreversible.ts',
        line: 'expired.length > 0 && isRestore',
        without: 'expired.length < 0 && isRestore',
        proof: {
          file: 'src/recovery/plan/irreversible.test.ts',
          test: 'what would bring an expired certificate back needs a second word; silence reverts',
        },
      },
      {
        does: 'a run without that word waits',
        file: 'src/recovery/rollback/step/record.ts',
        line: "phase: hasWord ? 'PLANNED' : 'AWAITING_APPROVAL',",
        without: "phase: 'PLANNED',",
        proof: secondWord('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'whoever asked cannot be the second word',
        file: WORD,
        line: 'if (by === record.requestedBy) {',
        without: "if (by === '') {",
        proof: secondWord('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'an approval is for one hash: planning anew voids it',
        file: WORD,
        line: 'if (planHash !== record.plan.planHash) {',
        without: "if (planHash === '') {",
        proof: secondWord('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'a plan to which somebody said no is never started again',
        file: 'src/recovery/rollback/rejected-plan.ts',
        line: 'if (rejected !== undefined) {',
        without: "if (rejected?.run === '') {",
        proof: rejected('a plan that was rejected is refused, however many runs began since'),
      },
      {
        does: 'nor one of which nobody can tell whether somebody did',
        file: 'src/recovery/rollback/rejected-plan.ts',
        line: 'if (dark === undefined) return ok(undefined);',
        without: "if (dark !== '') return ok(undefined);",
        proof: rejected(
          'a plan that was rejected cannot be started where the journal cannot be read',
        ),
      },
      {
        does: 'nobody waits for a word longer than the plan is good',
        file: WORD,
        line: 'if (isExpired(expires, at)) return abort(machine, NOBODY);',
        without: 'if (expires.afterMs < 0) return abort(machine, NOBODY);',
        proof: secondWord('without that word the plan is void after its time'),
      },
      {
        does: 'whoever may answer is told what would be lost, and of which plan',
        file: 'src/recovery/rollback/step.ts',
        line: 'effects: tellOfWord(record), go: true',
        without: 'effects: [], go: true',
        proof: secondWord(
          'people are told what a waiting run would lose, of which plan, how to answer',
        ),
      },
      {
        does: 'only who may approve on every component of the run can do so',
        file: 'src/daemon/backend/rollbacks.ts',
        line: "{ run, planHash }) => {\n      const view = await runFor(core, principal, 'approve', run);",
        without: '{ run, planHash }) => {\n      const view = await core.rollbacks.view(run);',
        proof: word('an approver of other components is not heard'),
      },
    ],
  },
];
