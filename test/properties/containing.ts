import { batches, engine, pauses, plan, trouble } from './proofs.ts';
import type { Property } from './property.ts';

const MUTATE = 'src/recovery/rollback/step/mutate.ts';
const REVERT = 'src/recovery/rollback/step/revert.ts';
const BATCHES = 'src/recovery/plan/make-batches.ts';
const STEP_BATCHES = 'src/recovery/rollback/step/batches.ts';
const VERIFY = 'src/recovery/rollback/step/verify.ts';
const KEEP_ARMED = 'src/runner/deadman/keep-armed.ts';
const INSTANT = 'src/model/run/instant.ts';

/** What keeps a step or a wait that goes wrong from spreading. */
export const CONTAINING: readonly Property[] = [
  {
    number: 15,
    name: 'The blast radius is limited',
    sentence:
      'A canary component first, then the rest in batches. Each is read again and its guards ' +
      'must hold for its soak, and a jitter, before the next begins; goals need the whole, and ' +
      'what is still to be changed is not judged. The first step or batch that does not come out ' +
      'as planned is the last, and everything goes back.',
    safeguards: [
      {
        does: 'a step that was not applied turns the run back',
        file: MUTATE,
        line: ': untouched(machine, stage, why, at);\n  }',
        without: ': done(machine, direction, step, at);\n  }',
        proof: engine('the first state that does not come out as planned keeps the next untouched'),
      },
      {
        does: 'the first component is a batch of its own',
        file: BATCHES,
        line: 'if (batch === 0 && canary > 0) return canary;',
        without: '',
        proof: plan('what nothing in the plan stands beneath is the canary, then comes the rest'),
      },
      {
        does: 'what belongs together is in one batch',
        file: BATCHES,
        line: ' || bound.has(at)',
        without: '',
        proof: plan(
          'what belongs together is never cut in two, with all that the order has between',
        ),
      },
      {
        does: 'a batch that is done is looked at before the next',
        file: 'src/recovery/rollback/step.ts',
        line: 'return isBatchDone(machine.record)',
        without: 'return isBatchDone({ ...machine.record, passed: 1_000 })',
        proof: batches(
          'the canary is watched before the rest is touched, and the rest is done at once',
        ),
      },
      {
        does: 'every state changed so far is read again',
        file: VERIFY,
        line: 'const wrong = notAsWanted(record, result.readings, statesSoFar(record));',
        without:
          "const wrong = record.phase === 'APPLYING' ? undefined : notAsWanted(record, result.readings);",
        proof: batches('a canary that does not stay as wanted keeps the rest untouched'),
      },
      {
        does: 'and once more when it was watched',
        file: VERIFY,
        line: "return begin(machine, { kind: 'state-verify' }, readAgain(record));",
        without: 'return passed(machine, at);',
        proof: batches(
          'a canary that somebody changes while it is watched keeps the rest untouched',
        ),
      },
      {
        does: 'the guards of what was changed so far are judged',
        file: STEP_BATCHES,
        line: "return checks.filter(({ role, component }) => role === 'guard' && !coming.has(component));",
        without: 'return [];',
        proof: batches('a canary that turns a guard red keeps the rest untouched'),
      },
      {
        does: 'for as long as the batch soaks',
        file: VERIFY,
        line: 'if (at.uptimeMs - since < holdMs(batch, number, record.plan.planHash)) {',
        without: 'if (at.uptimeMs < 0) {',
        proof: batches(
          'the canary is watched before the rest is touched, and the rest is done at once',
        ),
      },
      {
        does: 'and a little longer, as the hash of the plan says',
        file: STEP_BATCHES,
        line: 'return soakMs + (drawn % (jitterMs + 1));',
        without: 'return soakMs;',
        proof: {
          file: 'src/recovery/rollback/step/batches.test.ts',
          test: 'batches of one plan, and of many plans, do not act in step',
        },
      },
      {
        does: 'batches that the confirm deadline cannot hold make no plan',
        file: 'src/recovery/plan/make-plan.ts',
        line: "if (tooLong !== undefined) return err(lgError('LG_ROLLBACK_NO_TIME', tooLong));",
        without: '',
        proof: plan(
          'batches that the confirm deadline cannot hold are refused when the plan is made',
        ),
      },
    ],
  },
  {
    number: 16,
    name: 'A failing step disarms nothing and hides nothing',
    sentence:
      'A failed apply ends with no timer, no lock and the state equal to P, or NEEDS_OPERATOR.',
    safeguards: [
      {
        does: 'every end but COMMITTED takes the timers away',
        file: 'src/recovery/rollback/step/close.ts',
        line: "const left = closing.state === 'COMMITTED' ? [] : machine.record.arming;",
        without: 'const left: readonly string[] = [];',
        proof: engine('no timer and no lock is left when a run is ABORTED'),
      },
      {
        does: 'what needs a person stays locked, over restarts',
        file: 'src/recovery/rollback/step/close.ts',
        line: "if (closing.state !== 'NEEDS_OPERATOR') effects.push({ kind: 'unlock' });",
        without: "effects.push({ kind: 'unlock' });",
        proof: trouble("a third party's change is kept, and a person gets map and commands"),
      },
      {
        does: 'whose way back is refused for good leaves it to the dead-man',
        file: REVERT,
        line: 'if (left !== undefined) return left;',
        without: 'if (left !== undefined && left === undefined) return left;',
        proof: {
          file: 'test/scenarios/way-back-refused.test.ts',
          test: 'who may not go back himself leaves it to the dead-man that can',
        },
      },
      {
        does: 'whoever tries again takes away the timers that could not be taken away before',
        file: 'src/recovery/rollback/step/record.ts',
        line: 'return { ...record, phase: entry.state, ended: entry };',
        without: 'return { ...record, phase: entry.state, ended: entry, writers: [], arming: [] };',
        proof: {
          file: 'test/simulation/small/safe.test.ts',
          test: 'nothing unsafe can be reached: whoever is called tries again, where timers could not be taken away',
        },
      },
    ],
  },
  {
    number: 17,
    name: 'Everything that waits has a deadline and a release',
    sentence:
      'Acts, hooks and whoever is paused: by uptime, wall clock and boot, the clock that is ' +
      'further on counts, whoever has died.',
    safeguards: [
      {
        does: 'an act that does not answer has failed',
        file: 'src/recovery/rollback/perform-act.ts',
        line: "resolve({ kind: 'failed', why: `no answer within ${limitMs} ms`, code: TOO_LATE }),",
        without: 'undefined,',
        proof: engine('an act that never answers ends the run before anything is changed'),
      },
      {
        does: 'nobody is paused before a process apart watches over the release',
        file: 'src/runner/pause/stop-writer.ts',
        line: 'const guarded = await parts.arm(run, patience);',
        without: 'const guarded = ok(patience);',
        proof: pauses('whoever is paused goes on at his limit when nobody is left to let him'),
      },
      {
        does: 'who watches over a pause and was killed is replaced',
        file: KEEP_ARMED,
        line: 'void this.#replace(run, armed);',
        without: '',
        proof: pauses('a dead-man killed during a pause is replaced, and keeps the limit alone'),
      },
      {
        does: 'and who was stopped and lives on is, too',
        file: KEEP_ARMED,
        line: 'if (isWatch && this.#pulses.isStuck(run, armed)) void this.#endStuck(run, armed);',
        without: '',
        proof: pauses(
          'a dead-man that is stopped and lives on is replaced, and nobody waits longer',
        ),
      },
      {
        does: 'where none can be started the host runner itself lets go on at the limit',
        file: 'src/runner/pause/pauses.ts',
        line: "await at.end('fired');\n  return letAllGo(at, go, log);",
        without: 'return true;',
        proof: pauses('who has no dead-man any more is let go on at his limit, tried until he can'),
      },
      {
        does: 'a hook that fails does what its configuration says',
        file: 'src/recovery/checkpoint/quiesce.ts',
        line: "if (onError === 'continue') continue;",
        without: '',
        proof: {
          file: 'src/recovery/checkpoint/quiesce.test.ts',
          test: 'a hook that may fail is told, and nobody takes it for a point in time',
        },
      },
      {
        does: 'the wall clock ends a deadline',
        file: INSTANT,
        line: 'wall >= deadline.afterMs ||',
        without: '',
        proof: {
          file: 'src/model/run/instant.test.ts',
          test: 'a deadline that is reached on either clock has passed',
        },
      },
      {
        does: 'so does the uptime',
        file: INSTANT,
        line: 'uptime >= deadline.afterMs ||',
        without: '',
        proof: {
          file: 'src/model/run/instant.test.ts',
          test: 'a deadline that is reached on either clock has passed',
        },
      },
      {
        does: 'another boot counts as expired',
        file: INSTANT,
        line: 'if (at.bootId !== deadline.set.bootId) return true;',
        without: '',
        proof: {
          file: 'src/model/run/instant.test.ts',
          test: 'another boot, and a wall clock that was set back, count as passed',
        },
      },
    ],
  },
];
