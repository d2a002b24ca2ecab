import { engine, run, trouble } from './proofs.ts';
import type { Property } from './property.ts';

const UNDO = 'src/recovery/rollback/undo.ts';

/** What holds once a run is over. */
export const AFTER: readonly Property[] = [
  {
    number: 24,
    name: 'The result is truthful',
    sentence:
      'COMMITTED, REVERTED, ABORTED, NEEDS_OPERATOR; the exit code is 0 only for COMMITTED and ' +
      'verified. Of each item it is told whether it was changed, already equal, skipped or ' +
      'failed, and why. Who needs an operator gets a map of every state and the commands by hand.',
    safeguards: [
      {
        does: 'REVERTED is only said after everything was read and is as in P',
        file: 'src/recovery/rollback/step/revert.ts',
        line: 'if (wrong !== undefined) return retry(machine, `${wrong} is not as in P`);',
        without: '',
        proof: engine('what changes on the last yards of the way back is not called reverted'),
      },
      {
        does: 'a run that went back does not exit with 0',
        file: 'src/cli/commands/rollback/run-follow.ts',
        line: "case 'REVERTED':\n      return 5;",
        without: "case 'REVERTED':\n      return 0;",
        proof: {
          file: 'src/cli/commands/rollback/run-follow.test.ts',
          test: 'only a committed run exits with 0',
        },
      },
      {
        does: 'what went back does not count as changed',
        file: 'src/recovery/rollback/run-report.ts',
        line: "else if (one?.at === 'target') changed.push({ state, path });",
        without: 'else if (one !== undefined) changed.push({ state, path });',
        proof: {
          file: 'test/scenarios/run-report.test.ts',
          test: 'of a run that went back nothing counts as changed',
        },
      },
      {
        does: 'the commands by hand are handed over',
        file: 'src/recovery/rollback/step/by-hand.ts',
        line: 'return [title, ...(needsContent ? [script] : []), ...whole];',
        without: 'return [title];',
        proof: trouble("a third party's change is kept, and a person gets map and commands"),
      },
    ],
  },
  {
    number: 25,
    name: 'Undo works',
    sentence:
      'It is a plan from now to P through the same functions, so every apply is also a test of ' +
      'undo.',
    safeguards: [
      {
        does: 'nothing that somebody changed since is taken back',
        file: UNDO,
        line: 'if (fingerprint !== wantedFingerprint(record, state)) return `${state} has changed since`;',
        without: '',
        proof: run('undo is refused once somebody has changed the state since'),
      },
      {
        does: 'P stays for as long as a run can be undone',
        file: 'src/recovery/checkpoint/retention.ts',
        line: "view.manifest.reason.kind === 'before-rollback'",
        without: "view.id === ''",
        proof: {
          file: 'src/recovery/checkpoint/retention.test.ts',
          test: 'what is pinned, in use, or needed to undo a young run stays',
        },
      },
    ],
  },
];
