import { automatic, engine, leftOver, plan, run } from './proofs.ts';
import type { Proof, Property } from './property.ts';

const REQUEST = 'src/recovery/rollback/step/request.ts';
const EXTEND = 'src/recovery/rollback/step/extend.ts';
const AWAIT = 'src/recovery/rollback/step/await-confirm.ts';

const more = (test: string): Proof => ({ file: 'test/scenarios/more-time.test.ts', test });

/** What holds of the one decision, and of silence. */
export const DECIDING: readonly Property[] = [
  {
    number: 21,
    name: 'Exactly one decision',
    sentence:
      'CONFIRM, CANCEL and EXPIRE are one compare-and-append. COMMITTED is only said after a ' +
      'final read, which makes a late confirmation harmless; a timer of the target leaves time ' +
      'for it.',
    safeguards: [
      {
        does: 'a decided run cannot be cancelled any more',
        file: REQUEST,
        line: 'if (record.decided !== undefined || isTerminal(record.phase)) {\n    return decidedAlready(machine, event.ask);',
        without:
          "if (record.phase === 'ABORTED') {\n    return decidedAlready(machine, event.ask);",
        proof: run('a wrong token, a wrong nonce and a second decision are refused'),
      },
      {
        does: 'everything is read once more after the decision',
        file: 'src/recovery/rollback/step/commit.ts',
        line: 'if (wrong !== undefined) return lost(',
        without: "if (wrong === '') return lost(",
        proof: engine('what changes while it is confirmed is not called committed'),
      },
      {
        does: 'targets wait longer than we do by what committing may take',
        file: 'src/recovery/rollback/step/prepare.ts',
        line: 'const deviceMs = leftMs + Math.min(COMMIT_BUDGET_MS_MAX, confirmTimeoutMs);',
        without: 'const deviceMs = leftMs;',
        proof: engine('a timer of a target waits for as long as confirming may take, too'),
      },
      {
        does: 'no run counts on more time that one of its timers does not have',
        file: EXTEND,
        line: "if (result.kind === 'failed') {",
        without: "if (result.kind === 'reached') {",
        proof: more('one timer that cannot wait longer is enough: the deadline stays'),
      },
      {
        does: 'nor on more than an hour after its first change',
        file: EXTEND,
        line: 'if (afterMs > CONFIRM_MS_MAX) {',
        without: 'if (afterMs < 0) {',
        proof: more('more time takes the token, and ends an hour after the first change'),
      },
      {
        does: 'a dead-man that was stopped does not fire by a deadline that was moved',
        file: 'src/runner/deadman/stand-by.ts',
        line: 'if (isExpired(file.deadline, now)) break;',
        without: 'if (isExpired(file.deadline, instantOf(clock))) break;',
        proof: {
          file: 'src/runner/deadman/move-deadline.test.ts',
          test: 'stopped while it read the earlier deadline, a dead-man does not fire by it',
        },
      },
    ],
  },
  {
    number: 22,
    name: 'Silence has a declared meaning',
    sentence:
      '`revert`, or `keep-if-healed`: when every item can be undone, P was unhealthy and all ' +
      'guards and goals are green, the engine itself confirms. In every other case silence goes ' +
      'back to P. People are told at 50 % and 80 % of the deadline.',
    safeguards: [
      {
        does: 'a plan with a loss, or without a goal, is never kept by silence',
        file: 'src/recovery/plan/make-plan.ts',
        line: "input.onSilence === 'keep-if-healed' && isFree && hasGoals",
        without: "input.onSilence === 'keep-if-healed'",
        proof: plan('silence may keep only what an incident asked for and what can be undone'),
      },
      {
        does: 'nor one that brings back what may not be valid any more',
        file: 'src/recovery/plan/make-plan.ts',
        line: 'hits.risks.length > 0',
        without: 'hits.risks.length < 0',
        proof: {
          file: 'src/recovery/plan/irreversible.test.ts',
          test: 'a certificate soon to expire, or a secret that differs, takes its yes from silence',
        },
      },
      {
        does: 'nothing is kept by silence beside a red guard, one that was red before included',
        file: 'src/recovery/rollback/step/await-confirm.ts',
        line: "judgement.kind === 'passed' && judgement.healed === true && whyNotGreen(next) === undefined;",
        without: "judgement.kind === 'passed' && judgement.healed === true;",
        proof: {
          file: 'test/scenarios/lost-guard.test.ts',
          test: 'silence keeps nothing beside a red guard, one that was red before included',
        },
      },
      {
        does: 'a passed deadline is a decision of its own',
        file: 'src/recovery/rollback/step/apply.ts',
        line: 'if (deadline !== undefined && !isExpired(deadline, at)) return undefined;',
        without: 'if (at.wallMs > 0) return undefined;',
        proof: run('silence reverts at the deadline, and people are told twice before'),
      },
      {
        does: 'people are told before it passes',
        file: AWAIT,
        line: 'const due = used >= 80 ? 80 : used >= 50 ? 50 : 0;',
        without: 'const due = used >= 80 ? 80 : 0;',
        proof: run('silence reverts at the deadline, and people are told twice before'),
      },
    ],
  },
  {
    number: 23,
    name: 'No loops',
    sentence:
      'A rollback begins by itself only for a component that the configuration names, announced, ' +
      'once for an incident and once for a component within a cool-down; after one that failed a ' +
      'person is next. None is proposed to what was found to be bad. For a cool-down after one ' +
      'that did not heal, nothing further back is tried for that incident or component without ' +
      'the word of a second person, or a reason that everybody is told.',
    safeguards: [
      {
        does: 'without the configuration none begins by itself',
        file: 'src/config/automatic.ts',
        line: '  .default(false)',
        without:
          "  .default({ components: ['shop'], confidence: 0.8, delay: 1, limit: { runs: 1, within: 1 }, coolDown: 1 } as never)",
        proof: {
          file: 'src/config/load.test.ts',
          test: 'no rollback begins by itself unless the configuration names its component',
        },
      },
      {
        does: 'of a component that is not named it is only recommended',
        file: 'src/recovery/automatic/may-run-by-itself.ts',
        line: 'components.includes(first.component)',
        without: 'components.length > 0',
        proof: automatic('not by itself: other component'),
      },
      {
        does: 'one that began for the incident is the last',
        file: 'src/recovery/automatic/history.ts',
        line: 'if (begunAt !== undefined) {',
        without: "if (begunAt === '') {",
        proof: automatic('not by itself: begun before'),
      },
      {
        does: 'one that was called off is the last, too',
        file: 'src/recovery/automatic/history.ts',
        line: 'if (calledOff !== undefined) return',
        without: "if (calledOff?.why === '') return",
        proof: automatic('not by itself: called off before'),
      },
      {
        does: 'a component that went back by itself cools down',
        file: 'src/recovery/automatic/history.ts',
        line: 'if (of === incident.id) return [];',
        without: "if (of !== '') return [];",
        proof: automatic('not by itself: cool-down of the component'),
      },
      {
        does: 'after a run that did not end well a person is next',
        file: 'src/recovery/automatic/history.ts',
        line: "const isBad = run.state !== 'COMMITTED' || run.healed === false;",
        without: "const isBad = run.state === 'ABORTED';",
        proof: automatic('not by itself: failed run'),
      },
      {
        does: 'what a daemon that died had announced is called off',
        file: 'src/recovery/automatic/left-over.ts',
        line: 'if (begunAt === undefined) {',
        without: "if (begunAt === '') {",
        proof: leftOver('what a daemon that died had announced is called off'),
      },
      {
        does: 'suspect, bad and unrestorable checkpoints are never recommended',
        file: 'src/evidence/diagnose/recommend-checkpoint.ts',
        line: '  suspect: 0,\n  bad: 0,',
        without: '  suspect: 1,\n  bad: 1,',
        proof: {
          file: 'src/evidence/diagnose/recommend-checkpoint.test.ts',
          test: 'a suspect, bad or unrestorable checkpoint is never chosen',
        },
      },
      {
        does: 'where a run harmed and went back, its target is told to be a bad candidate',
        file: 'src/daemon/after-run.ts',
        line: 'await tellOfHarm(core, view);',
        without: '',
        proof: {
          file: 'test/scenarios/bad-candidate.test.ts',
          test: 'a run that harmed makes its target a bad candidate: once, also after a crash',
        },
      },
      {
        does: 'a pin without a reason of its own does not vouch for it',
        file: 'src/recovery/checkpoint/checkpoint-status.ts',
        line: "fact.kind === 'pinned' && fact.reason !== PINNED_WITHOUT_REASON,",
        without: "fact.kind === 'pinned',",
        proof: {
          file: 'src/recovery/checkpoint/checkpoint-status.test.ts',
          test: 'what harmed and is pinned without a reason is suspect',
        },
      },
      {
        does: 'a run that went back without having healed bars the next',
        file: 'src/recovery/rollback/find-not-healed.ts',
        line: 'return healed === false || (harmed === true && target === wanted);',
        without: 'return healed === true && harmed === true && target === wanted;',
        proof: {
          file: 'src/recovery/rollback/find-not-healed.test.ts',
          test: 'after a run that did not heal a person decides, for its incident and its components',
        },
      },
      {
        does: 'a wall clock that was set does not end that early',
        file: 'src/recovery/rollback/end-by-this-clock.ts',
        line: 'if (Math.abs(setByMs) <= DRIFT_MS_MAX) return view;',
        without: 'if (setByMs !== DRIFT_MS_MAX) return view;',
        proof: {
          file: 'test/scenarios/set-clock.test.ts',
          test: 'a wall clock that is set ends no cool-down early, and keeps none for ever',
        },
      },
      {
        does: 'until somebody gives their word',
        file: 'src/recovery/plan/name-risks.ts',
        line: 'if (notHealed !== undefined) reasons.push(`${notHealed} went back: it had not healed, or harmed`);',
        without: '',
        proof: plan(
          'after a rollback that did not heal the next one needs a word, and silence goes back',
        ),
      },
    ],
  },
];
