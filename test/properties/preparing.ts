import { engine, pauses, plan, run, target } from './proofs.ts';
import type { Property } from './property.ts';

const PREPARE = 'src/recovery/rollback/step/prepare.ts';
const MAKE_PLAN = 'src/recovery/plan/make-plan.ts';

/** What holds while a run is prepared, up to its first change. */
export const PREPARING: readonly Property[] = [
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
      {
        does: 'who was overtaken pauses nobody for a run that another process drives or has ended',
        file: 'src/runner/host-runner.ts',
        line: "const isPausing = method === 'pause' && runToken > 0;",
        without: 'const isPausing = false;',
        proof: {
          file: 'test/conformance/host-runner.test.ts',
          test: 'who was overtaken pauses nobody; a freeze for a checkpoint needs no token',
        },
      },
      {
        does: 'whoever tries again takes a token that is newer than any the hosts were told',
        file: 'src/recovery/rollback/step/request.ts',
        line: 'const next = askFence(written.machine);',
        without: 'const next = goOn(written.machine);',
        proof: {
          file: 'test/properties/token-safeguards.test.ts',
          test: 'who tries again is heard by hosts that were told of a newer token meanwhile',
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
