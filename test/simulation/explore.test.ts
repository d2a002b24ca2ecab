import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explore, type Findings, type Sabotage } from './explorer.ts';
import * as sabotages from './sabotages.ts';
import type { SmallSetup, SmallState } from './small-world.ts';

/**
 * Every way through small worlds, with the real `step` and `recover`: crashes at every journal
 * entry and effect, third parties, time, timers, failing, torn and silent steps, people who
 * confirm, cancel, approve and hold. Limits: two or three states, one foreign change, the world
 * stands still between the last look and the write of a single apply, one daemon at a time, beside
 * one dead-man that moves whenever it likes.
 */

const file: SmallState = {
  name: 'A',
  steps: 1,
  traits: { atomic: 'all', idempotent: true, confirm: 'none' },
};
const device: SmallState = {
  name: 'B',
  steps: 1,
  traits: { atomic: 'all', idempotent: true, confirm: 'native' },
};
const script: SmallState = {
  name: 'C',
  steps: 1,
  traits: { atomic: 'none', idempotent: false, confirm: 'none' },
};
const watched: SmallState = {
  name: 'W',
  steps: 1,
  traits: { atomic: 'per-item', idempotent: true, confirm: 'supervisor' },
};
const watchedScript: SmallState = {
  name: 'X',
  steps: 1,
  traits: { atomic: 'none', idempotent: false, confirm: 'supervisor' },
};
const longer: SmallState = {
  name: 'D',
  steps: 2,
  traits: { atomic: 'per-item', idempotent: true, confirm: 'none' },
};

const plain: SmallSetup = {
  states: [file],
  crashes: 1,
  foreign: 1,
  onSilence: 'revert',
  withGoal: false,
  withWriter: false,
  withHold: false,
  withApproval: false,
  withRefusals: false,
};

/** The deep worlds take minutes; `LASTGOOD_EXPLORE=deep` walks them too. */
const isDeep = process.env['LASTGOOD_EXPLORE'] === 'deep';

function walk(title: string, setup: Partial<SmallSetup>, when = true): void {
  test(`nothing unsafe can be reached: ${title}`, { skip: !when && 'only when deep' }, (t) => {
    const found = explore({ ...plain, ...setup });
    t.diagnostic(`${found.states} states, ${found.edges} edges, ${JSON.stringify(found.ends)}`);
    assert.deepEqual(found.violations, {}, found.story.join(' > '));
    assert.equal(found.stuck, 0, `no way to an end: ${found.story.join(' > ')}`);
    assert.ok((found.ends['COMMITTED'] ?? 0) > 0, 'the world is too small to commit in');
    assert.ok((found.ends['REVERTED'] ?? 0) > 0, 'the world is too small to revert in');
  });
}

walk('a file and a device with a timer', { states: [file, device] });
walk('a device and a script that tears, two crashes', { states: [device, script], crashes: 2 });
walk('two steps on one state beside a script', { states: [longer, script] });
walk('a dead-man beside the daemon', { states: [watched], crashes: 2, foreign: 0 });
walk('a dead-man over two states, one of which tears', {
  states: [watched, watchedScript],
  foreign: 0,
});
walk('a dead-man that fires whenever it likes', { states: [watched], earlyTimer: true });
walk('a dead-man, silence that keeps what is healed', {
  states: [watched],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  earlyTimer: true,
});
walk('a dead-man, paused writers, acts that are refused', {
  states: [watched],
  foreign: 0,
  withWriter: true,
  withRefusals: true,
  earlyTimer: true,
});
walk(
  'a dead-man over two states that fires whenever it likes',
  { states: [watched, { ...watched, name: 'V' }], foreign: 0, earlyTimer: true },
  isDeep,
);
walk(
  'a dead-man and a device with a timer',
  { states: [watched, device], foreign: 0, earlyTimer: true },
  isDeep,
);
walk('silence keeps what is healed', {
  crashes: 2,
  onSilence: 'keep-if-healed',
  withGoal: true,
});
walk('acts that are refused, writers that are paused', {
  states: [file, device],
  foreign: 0,
  withWriter: true,
  withRefusals: true,
});
walk('writing put on hold at any instant', {
  states: [file, script],
  foreign: 0,
  withHold: true,
});
walk('a canary of a file before a script that tears', {
  states: [file, script],
  withBatches: true,
});
walk('three batches, two crashes', {
  states: [file, { ...file, name: 'E' }, { ...file, name: 'F' }],
  crashes: 2,
  foreign: 0,
  withBatches: true,
});
walk('batches, silence that keeps what is healed', {
  states: [file, { ...file, name: 'E' }],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  withBatches: true,
});
walk(
  'batches under a dead-man, on hold at any instant',
  {
    states: [watched, { ...watched, name: 'V' }],
    foreign: 0,
    withHold: true,
    withBatches: true,
  },
  isDeep,
);
walk(
  'a canary of two steps before a file, acts that are refused',
  { states: [longer, file], foreign: 0, withBatches: true, withRefusals: true },
  isDeep,
);
walk('what was changed must be reached before a confirm', {
  states: [file, device],
  foreign: 0,
  withReach: true,
});
walk('silence keeps what is healed and reached', {
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  withReach: true,
});
walk('an approval is needed', { crashes: 2, withApproval: true, withHold: true });
walk('file, device and script', { states: [file, device, script] }, isDeep);
walk(
  'file, device and script, two crashes',
  { states: [file, device, script], crashes: 2, withWriter: true },
  isDeep,
);
walk('file and device, three crashes', { states: [file, device], crashes: 3 }, isDeep);

function caught(
  title: string,
  sabotage: Sabotage,
  setup: Partial<SmallSetup>,
  judge: (found: Findings) => void,
): void {
  test(`switching a safeguard off is caught: ${title}`, () => {
    judge(explore({ ...plain, ...setup }, sabotage));
  });
}

function accuses(sentence: string): (found: Findings) => void {
  return (found) => assert.ok(found.violations[sentence] ?? 0, JSON.stringify(found.violations));
}

caught(
  'timer armed after apply',
  sabotages.timersNotArmed,
  { states: [device] },
  accuses('mutation without armed timer'),
);
caught(
  'dead-man armed after apply',
  sabotages.timersNotArmed,
  { states: [watched], foreign: 0 },
  accuses('mutation without armed timer'),
);
caught(
  'confirmed without disarming the dead-man',
  sabotages.confirmLeavesTimer,
  { states: [watched], foreign: 0 },
  accuses('COMMITTED with a timer left'),
);
caught(
  'a dead-man that reverts without the lock',
  sabotages.noLock,
  { states: [watched], foreign: 0, earlyTimer: true },
  accuses('two writers of one state'),
);
caught(
  'late confirm beside a dead-man, and no final re-read',
  { ...sabotages.lateConfirm, ...sabotages.noFinalReading },
  { states: [watched], foreign: 0 },
  accuses('COMMITTED but state is not the target'),
);
caught(
  'a confirm that takes any answer of a reach probe',
  sabotages.reachedAnyway,
  { foreign: 0, withReach: true },
  accuses('confirmed without having reached what was changed'),
);
caught(
  'no pre-rollback checkpoint',
  sabotages.noCheckpointBefore,
  {},
  accuses('mutation without pre-rollback checkpoint'),
);
caught('failed apply leaves the timer', sabotages.failureEndsAtOnce, { states: [device] }, (f) => {
  accuses('ABORTED with a timer left')(f);
});
caught(
  'failed apply leaves what was changed before it',
  sabotages.failureEndsAtOnce,
  { states: [file, script], foreign: 0 },
  accuses('ABORTED but something was changed'),
);
caught(
  'no drift and no stale-plan check',
  sabotages.noLookBeforeWriting,
  {},
  accuses("a third party's change was overwritten"),
);
caught(
  'late confirm and no final re-read',
  { ...sabotages.lateConfirm, ...sabotages.noFinalReading },
  { states: [device], foreign: 0 },
  accuses('COMMITTED but state is not the target'),
);
caught(
  'undo failure reported as success',
  sabotages.undoFailureCalledDone,
  {},
  accuses('REVERTED but state is not the pre-rollback state'),
);
caught('no intent record', sabotages.noIntents, { foreign: 0 }, (found) => {
  accuses('mutation without a durable intent')(found);
  accuses('NEEDS_OPERATOR without need')(found);
});
caught('no crash recovery', sabotages.noRecovery, {}, (found) => assert.ok(found.stuck > 0));
caught(
  'no state verify and no final re-read',
  sabotages.noStateVerify,
  { states: [device], foreign: 0 },
  accuses('COMMITTED but state is not the target'),
);
caught(
  'locks let go although a person is needed',
  sabotages.noQuarantine,
  {},
  accuses('NEEDS_OPERATOR without quarantine lock'),
);
caught(
  'a gate that believes everything',
  sabotages.credulousGate,
  { onSilence: 'keep-if-healed', withGoal: true },
  accuses('kept by silence what is not healed'),
);

const batches = { states: [file, { ...file, name: 'E' }], withBatches: true } as const;
caught(
  'the next batch does not wait for the guards',
  sabotages.batchNotJudged,
  { ...batches, foreign: 0 },
  accuses('the next batch was begun while no guard was green'),
);
caught(
  'the next batch does not wait for what was changed to be read',
  sabotages.batchNotRead,
  batches,
  accuses('the next batch was begun beside a state that is not as wanted'),
);
caught(
  'everything at once, without a canary',
  sabotages.noBatches,
  { ...batches, foreign: 0 },
  accuses('the next batch was begun while no guard was green'),
);
caught(
  'a run that goes on forward after a crash',
  sabotages.blindResumption,
  { ...batches, foreign: 0 },
  accuses('forward after a crash'),
);

test('a late confirm alone is safe beside a dead-man, too', () => {
  const found = explore({ ...plain, states: [watched], foreign: 0 }, sabotages.lateConfirm);
  assert.deepEqual(found.violations, {});
  assert.equal(found.stuck, 0);
});

test('a late confirm alone is safe: the final re-read is what matters', () => {
  const found = explore({ ...plain, states: [device], foreign: 0 }, sabotages.lateConfirm);
  assert.deepEqual(found.violations, {});
  assert.equal(found.stuck, 0);
});
