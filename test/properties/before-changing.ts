import { automatic, company, engine, pauses, plan, run, target, word } from './proofs.ts';
import type { Property } from './property.ts';

const PREPARE = 'src/recovery/rollback/step/prepare.ts';
const MAKE_PLAN = 'src/recovery/plan/make-plan.ts';
const WORD = 'src/recovery/rollback/step/second-word.ts';
const START = 'src/recovery/rollback/start-run.ts';

/** What holds before anything is changed. */
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
        proof: run('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'whoever asked cannot be the second word',
        file: WORD,
        line: 'if (by === record.requestedBy) {',
        without: "if (by === '') {",
        proof: run('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'an approval is for one hash: planning anew voids it',
        file: WORD,
        line: 'if (planHash !== record.plan.planHash) {',
        without: "if (planHash === '') {",
        proof: run('a plan with losses waits for the word of somebody else'),
      },
      {
        does: 'nobody waits for a word longer than the plan is good',
        file: WORD,
        line: 'if (isExpired(expires, at)) return abort(machine, NOBODY);',
        without: 'if (expires.afterMs < 0) return abort(machine, NOBODY);',
        proof: run('without that word the plan is void after its time'),
      },
      {
        does: 'whoever may answer is told what would be lost, and of which plan',
        file: 'src/recovery/rollback/step.ts',
        line: 'effects: tellOfWord(record), go: true',
        without: 'effects: [], go: true',
        proof: run('people are told what a waiting run would lose, of which plan, how to answer'),
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
  {
    number: 6,
    name: 'It works offline',
    sentence: 'A rollback needs the data directory and the host, no registry and no daemon.',
    safeguards: [
      {
        does: 'plan, capture and run reach the world through their ports, never over a network',
        file: 'src/recovery/rollback/perform-act.ts',
        line: "import { ACT_DEADLINE_MS } from './step/limits.ts';",
        without: "import 'node:https';\nimport { ACT_DEADLINE_MS } from './step/limits.ts';",
        proof: {
          file: 'test/properties/offline.test.ts',
          test: 'nothing that plans, captures or runs a rollback speaks over a network',
        },
      },
    ],
  },
  {
    number: 7,
    name: 'Refuse early',
    sentence: 'What cannot be restored ends the run before anything is changed.',
    safeguards: [
      {
        does: 'what travels together is restored together or not at all',
        file: 'src/recovery/plan/make-plan.ts',
        line: 'if (torn !== undefined)',
        without: "if (torn === '')",
        proof: {
          file: 'src/recovery/plan/travel-together.test.ts',
          test: 'whatever keeps a member of a group back keeps the others back, too, with the reason',
        },
      },
      {
        does: 'a finding of the preflight aborts',
        file: PREPARE,
        line: 'if (finding !== undefined) return',
        without: "if (finding === '') return",
        proof: run('a missing artefact is found before anything is changed'),
      },
      {
        does: 'there is no plan to what cannot be restored',
        file: MAKE_PLAN,
        line: "if (target.status === 'unrestorable') {",
        without: "if (target.id === '') {",
        proof: plan('an unrestorable target is refused'),
      },
    ],
  },
  {
    number: 8,
    name: 'Writers are paused',
    sentence:
      'Known other writers of a state are paused for the run and released in every way it can end.',
    safeguards: [
      {
        does: 'they are paused before the states are looked at',
        file: PREPARE,
        line: "return begin(pausing.machine, { kind: 'pause-writers' }, act, effects);",
        without: 'return goOn(pausing.machine, effects);',
        proof: engine('writers stand still while a run writes, and go on when it is REVERTED'),
      },
      {
        does: 'the end of every run lets them go on',
        file: 'src/recovery/rollback/step/close.ts',
        line: 'const { writers } = machine.record;',
        without: 'const writers: readonly never[] = [];',
        proof: engine('writers stand still while a run writes, and go on when it is COMMITTED'),
      },
      {
        does: 'whom the configuration names is one of them',
        file: 'src/daemon/recovery/inventory.ts',
        line: 'return [...this.provider(state).writers(state.spec), ...(state.writers ?? [])];',
        without: 'return [...this.provider(state).writers(state.spec)];',
        proof: {
          file: 'src/daemon/recovery/inventory.test.ts',
          test: 'whom the configuration names writes every state of its component, and of no other',
        },
      },
      {
        does: 'how it goes on is durable before it is told to stop',
        file: 'src/runner/pause/stop-writer.ts',
        line: 'await at.writeRun(file);',
        without: '',
        proof: pauses('whoever is paused goes on at his limit when nobody is left to let him'),
      },
      {
        does: 'a dead-man that takes the run back lets it go on',
        file: 'src/runner/deadman/run-deadman.ts',
        line: 'for (const folder of [beside, at]) await thaw(folder, tools, log);',
        without: '',
        proof: pauses('a dead-man that fires lets go on whoever is paused for its run'),
      },
    ],
  },
  {
    number: 9,
    name: 'Exclusive and fenced',
    sentence:
      'Two runs never overlap on one state, to the end of the first; a process that slept and ' +
      'wakes up with an old token is refused by the host runner.',
    safeguards: [
      {
        does: 'a state that a run holds is refused to others',
        file: 'src/recovery/rollback/run-locks.ts',
        line: 'if (holder !== undefined && holder !== run) {',
        without: 'if (holder === run) {',
        proof: run('two runs never touch one state: the second waits for the first'),
      },
      {
        does: 'the host runner remembers the newest token durably',
        file: 'src/runner/fence.ts',
        line: 'if (token < seen) {',
        without: 'if (token < 0) {',
        proof: {
          file: 'src/runner/fence.test.ts',
          test: 'whoever slept and wakes up with an old token is refused, also after a restart',
        },
      },
    ],
  },
  {
    number: 10,
    name: 'The target is an id',
    sentence:
      'Never "the previous one"; and it is that host, with its machine, boot and network ' +
      'namespace: what was planned for one is never done to another.',
    safeguards: [
      {
        does: 'a plan for another host, or for one restarted since, aborts',
        file: PREPARE,
        line: 'if (other !== undefined) return',
        without: "if (other === '') return",
        proof: target('a plan made before its host was restarted is refused'),
      },
      {
        does: 'each change says whom it is meant for, and a restarted host is the same on the way back',
        file: 'src/recovery/rollback/step/mutate.ts',
        line: "{ kind: 'apply', step, fence, target: meant }",
        without: "{ kind: 'apply', step, fence }",
        proof: target(
          'a host that was restarted in the middle of a run is brought back all the same',
        ),
      },
    ],
  },
];
