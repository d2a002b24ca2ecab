import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factWords } from './fact-words.ts';

test('what was restored of a checkpoint is told by its parts, and whether that healed', () => {
  const fact = {
    kind: 'restored',
    at: '2026-11-20T14:00:00Z',
    run: 'run_1',
    healed: true,
  } as const;
  const states = ['shop/files', 'edge/nftables'];
  assert.equal(
    factWords({ ...fact, states }),
    'shop/files, edge/nftables in place after run_1: it healed',
  );
  assert.equal(
    factWords({ ...fact, healed: false }),
    'a part of it in place after run_1: it did not heal',
  );
});

test('a bad candidate names the run that went there, and what turned red', () => {
  const why = 'something that was healthy before is not: shop up: exit 1';
  assert.equal(
    factWords({ kind: 'bad-candidate', at: '2026-11-20T14:00:00Z', run: 'run_1', why }),
    `bad candidate: going back to it in run_1 harmed: ${why}`,
  );
});
