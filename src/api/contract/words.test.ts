import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROUTES } from '../contract.ts';

/** The calls by which a person answers for something, and the member that holds why. */
const ANSWERED_FOR = [
  ['planApply', { id: 'plan_1', planHash: 'h' }, 'breakGlass'],
  ['runUndo', { run: 'run_1' }, 'breakGlass'],
  ['runReject', { run: 'run_1' }, 'reason'],
  ['holdSet', { on: true }, 'reason'],
  ['incidentClose', { id: 'inc_1' }, 'reason'],
  ['checkpointPin', { id: 'cp_1' }, 'reason'],
] as const;

test('nobody breaks the glass, rejects, holds, closes or pins for a reason of blanks', () => {
  for (const [call, rest, member] of ANSWERED_FOR) {
    const { input } = ROUTES[call];
    for (const blank of ['', '   ', '\t\n', '\u00a0']) {
      const read = input.safeParse({ ...rest, [member]: blank });
      assert.match(read.error?.issues[0]?.message ?? 'taken', /say why/, `${call}: "${blank}"`);
    }
    assert.ok(input.safeParse({ ...rest, [member]: 'the disk is full' }).success, call);
  }
});
