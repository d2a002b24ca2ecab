import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../base/result.ts';
import { makePlan } from './make-plan.ts';
import type { PlanInput } from './plan-input.ts';
import { input, state } from './testdata/plan-states.ts';

const groups = [{ name: 'shop', states: ['db/files', 'web/files'] }];
const web = state('web/files', { x: '2' }, { x: '1' }, { related: ['db/files'] });
const db = state('db/files', { x: '2' }, { x: '1' }, { related: ['web/files'] });

function refusal(given: PlanInput): string {
  const made = makePlan(given);
  return made.ok ? 'a plan' : made.error.message;
}

test('a group is restored as a whole, and the plan names it', () => {
  const plan = unwrap(makePlan(input([web, db], { groups })));
  assert.deepEqual(plan.groups, groups);
  assert.equal(plan.steps.length, 2);
});

test('whatever keeps a member of a group back keeps the others back, too, with the reason', () => {
  assert.match(
    refusal(input([web], { groups })),
    /web\/files can only be restored together with db\/files \(group shop\), and cp_1 does not/,
  );
  const moved = { ...db, capture: { ...db.capture, unstable: true } };
  assert.match(refusal(input([web, moved], { groups })), /and it changed while it was captured/);
  const left = [{ state: 'db/files', why: 'its host is away' }];
  assert.match(refusal(input([web], { groups, left })), /and its host is away/);
});

test('a member that is equal already, or is never restored anywhere, keeps nobody back', () => {
  const equal = state('db/files', { x: '1' }, { x: '1' }, { related: ['web/files'] });
  assert.ok(makePlan(input([web, equal], { groups })).ok);
  const compared = {
    ...db,
    capture: { ...db.capture, compareOnly: true },
    capabilities: { ...db.capabilities, restorable: false, comparesOnly: true as const },
  };
  assert.ok(makePlan(input([web, compared], { groups })).ok);
});

test('an undo takes back what its run did, whatever it did not touch', () => {
  assert.ok(makePlan(input([web], { groups, direction: 'undo' })).ok);
});

test('what travels along unasked is told', () => {
  const plan = unwrap(makePlan(input([web, db], { groups, added: ['db/files'] })));
  assert.ok(
    plan.risks.includes(
      'db/files was not named and is restored, too: it travels with what was (group shop).',
    ),
  );
});
