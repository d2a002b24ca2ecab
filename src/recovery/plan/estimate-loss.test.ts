import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import { lossText } from '../../model/run/loss-text.ts';
import { estimateLoss } from './estimate-loss.ts';
import { image, state } from './testdata/plan-states.ts';

const at = (time: string, text: string) => ({
  at: `2026-11-21T${time}Z`,
  fingerprint: fingerprintOf(image({ a: text, same: 'x' })),
});

test('what is removed and overwritten is counted, and how far back it goes', () => {
  const one = state('shop/files', { a: '3', new: '1', same: 'x' }, { a: '1', same: 'x' });
  const loss = estimateLoss({ ...one, history: [at('14:00:00', '1'), at('14:15:00', '2')] });
  assert.deepEqual(loss, {
    state: 'shop/files',
    removed: 1,
    overwritten: 1,
    bytes: 0,
    versions: 2,
    changedAfter: '2026-11-21T14:15:00Z',
  });
});

test('the newest change lies between the checkpoints that saw the states around it', () => {
  const one = state('shop/files', { a: '2', same: 'x' }, { a: '1', same: 'x' });
  const history = [at('14:00:00', '1'), at('14:15:00', '2'), at('14:30:00', '2')];
  const loss = estimateLoss({ ...one, history });
  assert.equal(
    loss === undefined ? '' : lossText(loss),
    'shop/files: 1 item overwritten (0 bytes of now); the newest change came between ' +
      '2026-11-21T14:00:00Z and 2026-11-21T14:15:00Z; goes back over 1 version that was seen',
  );
});

test('what is only made anew loses nothing', () => {
  assert.equal(estimateLoss(state('shop/files', { a: '1' }, { a: '1', gone: '1' })), undefined);
});
