import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import { recommendCheckpoint } from './recommend-checkpoint.ts';
import { readScenario } from './testdata/scenario-text.ts';

/** Lines are `name status time`; all hold the state web/files. */
function choose(lines: readonly string[], states: readonly string[] = []): string {
  const text = lines.map((line) => `checkpoint ${line}: web/files`).join('\n');
  const { checkpoints } = readScenario(text);
  const chosen = recommendCheckpoint({
    checkpoints,
    before: '2026-11-20T14:00:00.000000000Z',
    states,
  });
  if (chosen === undefined) return 'none';
  const { checkpoint, runnerUp, isUnproven } = chosen;
  return `${checkpoint.id} or ${runnerUp?.id ?? 'none'}${isUnproven ? ', unproven' : ''}`;
}

test('proven comes before good, then the newest from before the first symptom', () => {
  assert.equal(choose(['a good 13:00:00', 'b good 13:30:00', 'c good 14:30:00']), 'b or a');
  assert.equal(choose(['a proven 12:00:00', 'b good 13:30:00']), 'a or b');
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
  const input = { checkpoints, before: '2026-11-20T14:00:00.000000000Z', states: [] };
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
  const second = (lines: readonly string[]): string | undefined => {
    const text = lines.map((line) => `checkpoint ${line}: web/files`).join('\n');
    const { checkpoints } = readScenario(text);
    const before = '2026-11-20T14:00:00.000000000Z';
    return recommendCheckpoint({ checkpoints, before, states: [] })?.whySecond;
  };
  assert.equal(
    second(['a proven 12:00:00', 'b good 13:30:00']),
    'it is good, and proven comes before that',
  );
  assert.equal(
    second(['a good 13:00:00', 'b good 13:30:00']),
    'it is good, too, but older: taken at 13:00:00 UTC',
  );
  assert.equal(second(['a good 13:00:00']), undefined);
});
