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
