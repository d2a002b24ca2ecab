import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byItselfLook } from './by-itself-words.ts';

const ANNOUNCED = {
  at: '2026-11-21T10:00:00Z',
  due: '2026-11-21T10:01:00Z',
  plan: 'plan_1',
  planHash: 'h',
  target: 'cp_1',
  components: ['checkout', 'till'],
};
const ANN = { id: 'token:tok_ann', role: 'responder' } as const;

test('an announced rollback tells what goes back, when, and how to say no', () => {
  const incident = { state: 'open', automatic: { reasons: [], announced: ANNOUNCED } } as const;
  const look = byItselfLook(incident, ANN);
  assert.equal(look?.tone, 'warn');
  assert.equal(look.title, 'checkout, till will go back by itself');
  assert.deepEqual(look.lines, [
    'At 2026-11-21T10:01:00Z, checkout, till goes back to cp_1 by plan_1, ' +
      'unless somebody says no. It was announced at 2026-11-21T10:00:00Z.',
    'token:tok_ann may say no by acknowledging the incident.',
    'On its host: lastgood rollback automatic off --reason WHY.',
  ]);
});

test('a viewer is not told that he could say no', () => {
  const incident = { state: 'open', automatic: { reasons: [], announced: ANNOUNCED } } as const;
  const lines = byItselfLook(incident, { ...ANN, role: 'viewer' })?.lines ?? [];
  assert.ok(
    lines.includes('Whoever may acknowledge the incident says no by it; a viewer may not.'),
  );
  assert.ok(!lines.join(' ').includes(ANN.id));
});

test('what was called off, or has begun, offers no way to say no any more', () => {
  const reasons: readonly string[] = [];
  const calledOff = { at: '2026-11-21T10:00:30Z', why: 'token:tok_bob looks after the incident' };
  const off = { reasons, announced: ANNOUNCED, calledOff };
  assert.deepEqual(byItselfLook({ state: 'acknowledged', automatic: off }, ANN), {
    tone: 'quiet',
    title: 'A rollback by itself was called off',
    lines: ['Called off at 2026-11-21T10:00:30Z: token:tok_bob looks after the incident.'],
  });
  const begun = { reasons, announced: ANNOUNCED, begunAt: '2026-11-21T10:01:01Z' };
  assert.deepEqual(byItselfLook({ state: 'mitigating', automatic: begun }, ANN)?.lines, [
    'It began at 2026-11-21T10:01:01Z: checkout, till goes back to cp_1 by plan_1.',
  ]);
  assert.equal(
    byItselfLook({ state: 'open', automatic: begun }, ANN)?.lines.at(-1),
    'A second one never begins by itself for an incident: a person decides.',
  );
});

test('why none begins is listed in full, and nothing is shown where nobody wants one', () => {
  const reasons = ['checkout is frozen', 'no window is open'];
  const look = byItselfLook({ state: 'open', automatic: { reasons } }, ANN);
  assert.deepEqual([look?.title, look?.lines], ['No rollback begins by itself', reasons]);
  assert.equal(byItselfLook({ state: 'open' }, ANN), undefined);
  assert.equal(byItselfLook({ state: 'open', automatic: { reasons: [] } }, ANN), undefined);
});
