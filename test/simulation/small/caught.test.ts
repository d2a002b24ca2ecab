import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explore } from './explore.ts';
import type { Sabotage } from './node.ts';
import * as blind from './sabotages/blind.ts';
import * as engine from './sabotages/engine.ts';
import * as hosts from './sabotages/hosts.ts';
import { device, file, PLAIN, script, watched, type SmallSetup } from './setup.ts';

/** Each safeguard switched off, in the smallest world in which that shows. */
function caught(
  title: string,
  sabotage: Sabotage,
  setup: Partial<SmallSetup> & Pick<SmallSetup, 'states'>,
  sentence: string,
): void {
  test(`switching a safeguard off is caught: ${title}`, () => {
    const { violations } = explore({ ...PLAIN, foreign: 0, ...setup }, sabotage, sentence);
    assert.ok(violations[sentence] ?? 0, JSON.stringify(violations));
  });
}

const keeping = { states: [file], onSilence: 'keep-if-healed', withGoal: true } as const;
const batches = { states: [file, { ...file, name: 'E' }], withBatches: true } as const;

// Timers.
const NAKED = 'mutation without armed timer';
caught('timer armed after apply', hosts.timersNotArmed, { states: [device] }, NAKED);
caught('dead-man armed after apply', hosts.timersNotArmed, { states: [watched] }, NAKED);
caught(
  'confirmed without disarming the dead-man',
  hosts.confirmLeavesTimer,
  { states: [watched] },
  'COMMITTED with a timer left',
);
caught(
  'a dead-man that reverts without the lock',
  hosts.noLock,
  { states: [watched], earlyTimer: true },
  'two writers of one state',
);
caught(
  'timers that are armed before that is written down',
  engine.timersNotWritten,
  { states: [device] },
  'ABORTED with a timer left',
);
caught(
  'a timer that was armed in silence is forgotten',
  engine.silentArmForgotten,
  { states: [device], withRefusals: true },
  'ABORTED with a timer left',
);
caught(
  'whoever tries again does not know of the timers left',
  engine.timersForgottenOnResume,
  { states: [device], stuckTimers: true, withResume: true },
  'REVERTED with a timer left',
);
caught(
  'failed apply leaves the timer',
  engine.failureEndsAtOnce,
  { states: [device] },
  'ABORTED with a timer left',
);

caught(
  'more time of which no timer was told',
  hosts.timersNotExtended,
  { states: [watched], withMoreTime: true },
  'a run waits longer than its timers',
);

// Before anything is changed, and on the way.
caught(
  'no pre-rollback checkpoint',
  hosts.noCheckpointBefore,
  { states: [file] },
  'mutation without pre-rollback checkpoint',
);
caught(
  'failed apply leaves what was changed before it',
  engine.failureEndsAtOnce,
  { states: [file, script] },
  'ABORTED but something was changed',
);
const OVERWRITTEN = "a third party's change was overwritten";
const disturbed = { states: [file], foreign: 1 } as const;
caught('no drift and no stale-plan check', blind.noLookBeforeWriting, disturbed, OVERWRITTEN);
caught('no look under the lock of the write', blind.noLookUnderTheLock, disturbed, OVERWRITTEN);
caught(
  'a companion that is not read again',
  blind.companionNotRead,
  { states: [file], foreign: 1, withCompanion: true },
  'mutation beside a companion that had moved',
);
const UNWRITTEN = 'mutation without a durable intent';
caught('no intent record', engine.noIntents, { states: [file] }, UNWRITTEN);
caught('no intent record', engine.noIntents, { states: [file] }, 'NEEDS_OPERATOR without need');
const PAUSED = 'ABORTED with a writer left paused';
const pausing = { states: [file], withWriter: true } as const;
caught('pauses that are not written down', engine.pausesNotWritten, pausing, PAUSED);
caught('writers that are not let go', hosts.writersStayPaused, pausing, PAUSED);

// Another daemon, or the same one later.
caught(
  'hosts that are not told of the newer token',
  hosts.noFence,
  { states: [file] },
  'mutation with an old fencing token',
);
const twoDaemons = { states: [file], crashes: 0, withOvertaking: true } as const;
caught(
  'applies of an overtaken daemon that are done',
  hosts.noTokenHeeded,
  twoDaemons,
  'mutation with an old fencing token',
);
caught(
  'pauses of an overtaken daemon that are done',
  hosts.noTokenHeeded,
  { ...twoDaemons, withWriter: true },
  PAUSED,
);
caught(
  'a run that goes on forward after a crash',
  engine.blindResumption,
  batches,
  'forward after a crash',
);
test('switching a safeguard off is caught: no crash recovery', () => {
  const found = explore({ ...PLAIN, states: [file], foreign: 0 }, engine.noRecovery);
  assert.ok(found.stuck > 0);
});

// Going back.
const NOT_BACK = 'REVERTED but state is not the pre-rollback state';
caught(
  'undo failure reported as success',
  hosts.undoFailureCalledDone,
  { states: [file] },
  NOT_BACK,
);
caught(
  'P lost, and the run called reverted',
  hosts.lostCheckpointCalledBack,
  { states: [file], losesP: true },
  NOT_BACK,
);
caught(
  'locks let go although a person is needed',
  engine.noQuarantine,
  { states: [file] },
  'NEEDS_OPERATOR without quarantine lock',
);

// Deciding.
const NOT_THERE = 'COMMITTED but state is not the target';
const lateAndBlind = { ...engine.lateConfirm, ...blind.noFinalReading };
caught('late confirm and no final re-read', lateAndBlind, { states: [device] }, NOT_THERE);
caught('the same beside a dead-man', lateAndBlind, { states: [watched] }, NOT_THERE);
caught(
  'no state verify and no final re-read',
  blind.noStateVerify,
  { states: [device] },
  NOT_THERE,
);
caught(
  'a device that went back early, and no final re-read',
  blind.noFinalReading,
  { states: [device], earlyTimer: true },
  NOT_THERE,
);
const LATE = 'confirmed after the deadline';
const clocks = { states: [file], withClocks: true } as const;
caught('a confirm at the very deadline', engine.lateConfirm, { states: [file] }, LATE);
caught('a wall clock that is set back, trusted', engine.onlyWallClock, clocks, LATE);
caught(
  'a restart of the machine that is not noticed',
  engine.bootForgotten,
  clocks,
  'confirmed after the machine was restarted',
);
caught(
  'a confirm that takes any answer of a reach probe',
  blind.reachedAnyway,
  { states: [file], withReach: true },
  'confirmed without having reached what was changed',
);
const approved = { states: [file], withApproval: true } as const;
caught('a word for another plan', engine.anyWord, approved, 'the word for another plan was taken');
caught(
  'a word that comes too late',
  engine.anyWord,
  approved,
  'a word was taken for a plan that is too old',
);

// Silence.
const NOT_HEALED = 'kept by silence what is not healed';
caught('a gate that believes everything', engine.credulousGate, keeping, NOT_HEALED);
caught(
  'silence that keeps what was to be reverted',
  engine.silenceAlwaysKeeps,
  { ...keeping, onSilence: 'revert' },
  NOT_HEALED,
);
caught(
  'silence that keeps without a last look at the states',
  blind.noStateVerify,
  { ...keeping, foreign: 0, states: [device], earlyTimer: true },
  NOT_THERE,
);
caught(
  'silence that keeps what was not reached',
  blind.reachedAnyway,
  { ...keeping, withReach: true },
  'confirmed without having reached what was changed',
);
caught(
  'silence that keeps after one of two rounds',
  engine.oneRoundIsEnough,
  { ...keeping, rounds: 2 },
  'kept before it had held for its window',
);

// Batches.
const UNJUDGED = 'the next batch was begun while no guard was green';
caught('the next batch does not wait for the guards', engine.batchNotJudged, batches, UNJUDGED);
caught('everything at once, without a canary', engine.noBatches, batches, UNJUDGED);
caught(
  'the next batch does not wait for what was changed to be read',
  blind.batchNotRead,
  { ...batches, foreign: 1 },
  'the next batch was begun beside a state that is not as wanted',
);

test('a late confirm alone ends in the truth: the final re-read is what matters', () => {
  for (const state of [device, watched]) {
    const found = explore({ ...PLAIN, states: [state], foreign: 0 }, engine.lateConfirm);
    assert.deepEqual(Object.keys(found.violations), [LATE]);
    assert.equal(found.stuck, 0);
  }
});
