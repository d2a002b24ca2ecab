import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explore } from './explore.ts';
import {
  device,
  file,
  longer,
  PLAIN,
  script,
  watched,
  watchedScript,
  type SmallSetup,
} from './setup.ts';

/**
 * Every way through small worlds, with the real `step` and `recover`; which faults each holds is
 * what its title says, beside a crash at any instant and one change by somebody else. Limits: two
 * or three states, one daemon at a time beside one dead-man, and nobody writes in the middle of a
 * provider's own write.
 */
function walk(
  title: string,
  setup: Partial<SmallSetup> & Pick<SmallSetup, 'states'>,
  when = true,
): void {
  test(`nothing unsafe can be reached: ${title}`, { skip: !when && 'only when deep' }, (t) => {
    const found = explore({ ...PLAIN, ...setup });
    t.diagnostic(`${found.states} states, ${found.edges} edges, ${JSON.stringify(found.ends)}`);
    assert.deepEqual(found.violations, {}, found.story.join(' > '));
    assert.equal(found.stuck, 0, `no way to an end: ${found.story.join(' > ')}`);
    assert.ok((found.ends['COMMITTED'] ?? 0) > 0, 'the world is too small to commit in');
    assert.ok((found.ends['REVERTED'] ?? 0) > 0, 'the world is too small to revert in');
  });
}

/** The deep worlds take minutes; `LASTGOOD_EXPLORE=deep` walks them too. */
const isDeep = process.env['LASTGOOD_EXPLORE'] === 'deep';

// What is changed, and how it may tear.
walk('a file and a device with a timer', { states: [file, device] });
walk('a device and a script that tears, two crashes', {
  states: [device, script],
  crashes: 2,
  foreign: 0,
});
walk('a device and a script that tears', { states: [device, script] }, isDeep);
walk('a script that tears', { states: [script] });
walk('a file, two crashes', { states: [file], crashes: 2 });
walk('two steps on one state', { states: [longer] });
walk('two steps on one state beside a script', { states: [longer, script] }, isDeep);
walk('file, device and script', { states: [file, device, script] }, isDeep);
walk('file and device, three crashes', { states: [file, device], crashes: 3 }, isDeep);

// Who takes a change back when the daemon does not.
walk('a dead-man beside the daemon', { states: [watched], crashes: 2, foreign: 0 });
walk('a dead-man over two states, one of which tears', {
  states: [watched, watchedScript],
  foreign: 0,
});
walk('a dead-man that fires whenever it likes', { states: [watched], earlyTimer: true });
walk('a device that goes back whenever it likes', { states: [device], earlyTimer: true });
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

walk('a dead-man, more time for whoever decides', {
  states: [watched],
  crashes: 2,
  foreign: 0,
  withMoreTime: true,
});
walk('a device, more time for whoever decides, acts that fail or fall silent', {
  states: [device],
  crashes: 0,
  foreign: 0,
  withRefusals: true,
  withMoreTime: true,
});

// Two daemons: one that was stopped, overtaken, and wakes up.
const twoDaemons = { crashes: 0, foreign: 0, withOvertaking: true } as const;
walk('two daemons, writers that are paused', { states: [file], withWriter: true, ...twoDaemons });
walk('two daemons and a script that tears', { states: [script], ...twoDaemons }, isDeep);

// Clocks.
walk('clocks that are set, and a restart of the machine', {
  states: [device],
  foreign: 0,
  withClocks: true,
});
walk('clocks that are set, and a restart of the machine, beside a dead-man', {
  states: [watched],
  foreign: 0,
  withClocks: true,
});
walk('clocks that are set, and silence that keeps what is healed', {
  states: [file],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  withClocks: true,
});

// Acts that fail, and answers that are lost.
walk('a device, acts that fail or fall silent, writers that are paused', {
  states: [device],
  foreign: 0,
  withWriter: true,
  withRefusals: true,
});
walk('a dead-man, acts that fail or fall silent, writers that are paused', {
  states: [watched],
  foreign: 0,
  withWriter: true,
  withRefusals: true,
});
walk('P is lost', { states: [file], losesP: true });
walk('P is lost beside a dead-man', { states: [watched], foreign: 0, losesP: true });

// What people ask.
walk('writing put on hold at any instant', {
  states: [file, script],
  foreign: 0,
  withHold: true,
});
walk('an approval is needed', { states: [file], withApproval: true, withHold: true });
walk('an approval is needed, clocks are set', {
  states: [file],
  foreign: 0,
  crashes: 0,
  withApproval: true,
  withClocks: true,
});
walk('whoever is called tries again', { states: [file, script], foreign: 0, withResume: true });
walk('whoever is called tries again, where timers could not be taken away', {
  states: [watched],
  foreign: 0,
  stuckTimers: true,
  withResume: true,
});
walk('whoever is called tries again, where a device goes back by itself', {
  states: [device],
  foreign: 0,
  stuckTimers: true,
  withResume: true,
});

// What must be seen before it stays.
walk('silence keeps what is healed', {
  states: [file],
  crashes: 2,
  onSilence: 'keep-if-healed',
  withGoal: true,
});
walk('silence keeps what has been healed for two rounds', {
  states: [file],
  onSilence: 'keep-if-healed',
  withGoal: true,
  rounds: 2,
});
walk('a dead-man, silence that keeps what is healed', {
  states: [watched],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  earlyTimer: true,
});
walk('what was changed must be reached before a confirm', {
  states: [file, device],
  foreign: 0,
  withReach: true,
});
walk('silence keeps what is healed and reached', {
  states: [file],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  withReach: true,
});
walk('something that travels with it unchanged', { states: [file], withCompanion: true });

// Batches.
walk('a canary of a file before a script that tears', {
  states: [file, script],
  foreign: 0,
  withBatches: true,
});
walk(
  'three batches, two crashes',
  {
    states: [file, { ...file, name: 'E' }, { ...file, name: 'F' }],
    crashes: 2,
    foreign: 0,
    withBatches: true,
  },
  isDeep,
);
walk('batches, silence that keeps what is healed', {
  states: [file, { ...file, name: 'E' }],
  foreign: 0,
  onSilence: 'keep-if-healed',
  withGoal: true,
  withBatches: true,
});
walk(
  'batches under a dead-man, on hold at any instant',
  { states: [watched, { ...watched, name: 'V' }], foreign: 0, withHold: true, withBatches: true },
  isDeep,
);
walk(
  'a canary of two steps before a file, acts that are refused',
  { states: [longer, file], foreign: 0, withBatches: true, withRefusals: true },
  isDeep,
);
