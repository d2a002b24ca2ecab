import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import {
  rankCheckpoints,
  recommendCheckpoint,
  whySecond,
  type Recommendation,
} from './recommend-checkpoint.ts';
import { readScenario } from './testdata/scenario-text.ts';

const SYMPTOM = '2026-11-20T14:00:00.000000000Z';

/** Lines are `name status time: states`. */
function recommend(...lines: readonly string[]): Recommendation {
  const { checkpoints } = readScenario(lines.map((line) => `checkpoint ${line}`).join('\n'));
  const chosen = recommendCheckpoint({ checkpoints, before: SYMPTOM, states: [] });
  assert.ok(chosen);
  return chosen;
}

/** Lines are `name status time`; all hold the state web/files. */
function choose(lines: readonly string[], states: readonly string[] = []): string {
  const text = lines.map((line) => `checkpoint ${line}: web/files`).join('\n');
  const { checkpoints } = readScenario(text);
  const chosen = recommendCheckpoint({
    checkpoints,
    before: SYMPTOM,
    states,
  });
  if (chosen === undefined) return 'none';
  const { checkpoint, runnerUp, isUnproven } = chosen;
  return `${checkpoint.id} or ${runnerUp?.id ?? 'none'}${isUnproven ? ', unproven' : ''}`;
}

test('the newest good one before the first symptom; an older proven one if it is the same', () => {
  assert.equal(choose(['a good 13:00:00', 'b good 13:30:00', 'c good 14:30:00']), 'b or a');
  assert.equal(choose(['a proven 12:00:00', 'b good 13:30:00']), 'a or b');
  const { why, whySecond } = recommend(
    'a proven 12:00:00: web/files',
    'b good 13:30:00: web/files',
  );
  assert.equal(
    why,
    'a is proven, taken at 12:00:00 UTC, before the first symptom, ' +
      'and holds the same as the newest good one, b',
  );
  assert.equal(whySecond, 'it is good, not proven, and gives up no less');
});

test('later good changes are not given up for an older proven checkpoint, which is named', () => {
  const lines = [
    'a proven 10:00:00: payment/files=1 payment/deployment=1 web/files=1',
    'b good 11:00:00: payment/files=2 payment/deployment=1 web/files=1',
    'c good 12:00:00: payment/files=3 payment/deployment=2 web/files=1',
    'd good 13:00:00: payment/files=4 payment/deployment=3 web/files=2',
    'e good 14:30:00: payment/files=5 payment/deployment=3 web/files=2',
  ];
  const { checkpoint, runnerUp, why, whySecond } = recommend(...lines);
  assert.equal(`${checkpoint.id} or ${runnerUp?.id}`, 'd or a', 'c is no choice of another kind');
  assert.equal(why, 'd is the newest good one, taken at 13:00:00 UTC, before the first symptom');
  assert.equal(
    whySecond,
    'it is proven, but gives up 3 newer versions of payment and 1 newer version of web',
  );
});

test('the state from which a rollback went back is no choice, however it is judged', () => {
  const { checkpoints } = readScenario('checkpoint a good 13:00:00: web/files');
  const taken = checkpoints.map((view) => {
    const reason = { kind: 'before-rollback', run: 'run_1' } as const;
    return { ...view, manifest: { ...view.manifest, reason } };
  });
  assert.deepEqual(rankCheckpoints({ checkpoints: taken, before: SYMPTOM, states: [] }), []);
});

test('what was put back to an older version meanwhile gives nothing up', () => {
  const { checkpoint, whySecond } = recommend(
    'a proven 10:00:00: web/files=1',
    'b proven 11:00:00: web/files=2',
    'c good 12:00:00: web/files=1',
  );
  assert.equal(checkpoint.id, 'a');
  assert.equal(whySecond, 'it is good, not proven, and gives up no less');
});

test('one that was shown good comes before newer ones of which nothing was shown', () => {
  const { checkpoint, whySecond } = recommend(
    'a good 10:00:00: web/files=1',
    'b captured 12:00:00: web/files=2',
  );
  assert.equal(checkpoint.id, 'a');
  assert.equal(whySecond, 'it is captured, not shown to be good');
});

test('a person who names another one is told what that gives up', () => {
  const { checkpoints } = readScenario(
    ['a proven 10:00:00: web/files=1', 'b good 12:00:00: web/files=2']
      .map((line) => `checkpoint ${line}`)
      .join('\n'),
  );
  const input = { checkpoints, before: SYMPTOM, states: [] };
  const [best, other] = rankCheckpoints(input);
  assert.ok(best !== undefined && other !== undefined);
  assert.equal(
    whySecond(other, best, [best, other], input),
    'it is good and does not give up 1 newer version of web, but was not the one asked for',
  );
});

test('a suspect, bad or unrestorable checkpoint is never chosen', () => {
  const never: readonly CheckpointStatus[] = ['suspect', 'bad', 'unrestorable'];
  assert.equal(choose(never.map((status, i) => `c${i} ${status} 13:0${i}:00`)), 'none');
});

test('when none is good, the newest one is offered as unproven', () => {
  assert.equal(choose(['a captured 13:00:00', 'b restorable 13:10:00']), 'b or a, unproven');
});

test('a checkpoint without the state in question is no choice', () => {
  assert.equal(choose(['a good 13:00:00'], ['web/deployment']), 'none');
  assert.equal(choose(['a good 13:00:00'], ['web/deployment', 'web/files']), 'a or none');
});

test('of two as good and as new, the nearest to now comes first, then the calmer', () => {
  const lines = [
    'a good 13:00:00: web/files=1 db/files=2',
    'b good 13:00:00: web/files=1 db/files=1',
  ];
  const { checkpoints } = readScenario(lines.map((line) => `checkpoint ${line}`).join('\n'));
  const input = { checkpoints, before: SYMPTOM, states: [] };
  const nearest = recommendCheckpoint({ ...input, current: { 'web/files': '9', 'db/files': '1' } });
  assert.equal(nearest?.checkpoint.id, 'b');
  assert.equal(nearest.whySecond, 'it is as new, but 2 states of it differ from now, not 1');
  const calmest = recommendCheckpoint({
    ...input,
    current: { 'web/files': '1', 'db/files': '9' },
    disruption: { 'db/files': 2 },
  });
  assert.equal(calmest?.checkpoint.id, 'a', 'nothing tells them apart but their names');
  assert.equal(calmest.whySecond, 'nothing tells them apart');
  const [first, second] = ['web/files=2 db/files=1', 'web/files=1 db/files=2'].map(
    (states, at) => `checkpoint ${'ab'[at]} good 13:00:00: ${states}`,
  );
  const pair = readScenario([first, second].join('\n')).checkpoints;
  const quiet = recommendCheckpoint({
    ...input,
    checkpoints: pair,
    current: { 'web/files': '1', 'db/files': '1' },
    disruption: { 'web/files': 2 },
  });
  assert.equal(quiet?.checkpoint.id, 'b');
  assert.equal(quiet.whySecond, 'it is as new, but going there interrupts more');
});

test('the runner-up comes with the reason why it came second', () => {
  const second = (lines: readonly string[]): string | undefined =>
    recommend(...lines.map((line) => `${line}: web/files`)).whySecond;
  assert.equal(
    second(['a good 13:00:00', 'b good 13:30:00']),
    'it is good, too, but older: taken at 13:00:00 UTC',
  );
  assert.equal(second(['a good 13:00:00']), undefined);
});
