import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { canonicalJson } from '../../base/canonical-json.ts';
import { unwrap } from '../../base/result.ts';
import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import type { CheckpointId } from '../../model/checkpoint/checkpoint.ts';
import { makePlan, planHash } from './make-plan.ts';
import { mergeItems } from './merge-items.ts';
import type { PlanInput, PlanState } from './plan-input.ts';
import { change, image, input, state, type Items } from './testdata/plan-states.ts';

const item = fc.record({ path: fc.constantFrom('a', 'b', 'c', 'd'), text: fc.string() });
const items = fc
  .array(item, { maxLength: 5 })
  .map((all): Items => Object.fromEntries(all.map(({ path, text }) => [path, text])));

test('equal inputs give byte-equal plans, in whatever order the states are given', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(items, items), { minLength: 1, maxLength: 5 }), (pairs) => {
      const make = (): PlanState[] =>
        pairs.map(([now, wanted], at) => state(`c${at}/files`, now, wanted));
      const one = makePlan(input(make()));
      const two = makePlan(input(make().toReversed()));
      assert.equal(one.ok, two.ok);
      if (!one.ok || !two.ok) return;
      assert.equal(canonicalJson(one.value), canonicalJson(two.value));
      assert.equal(planHash(one.value), planHash(two.value));
    }),
  );
});

test('the fingerprints of the steps lead from what was observed to what is wanted', () => {
  fc.assert(
    fc.property(items, items, (now, wanted) => {
      const made = makePlan(input([state('web/files', now, wanted)]));
      if (!made.ok) return;
      let at = image(now);
      for (const step of made.value.steps) {
        assert.equal(step.expects, fingerprintOf(at));
        at = mergeItems(at, image(wanted), step.paths);
        assert.equal(step.becomes, fingerprintOf(at));
      }
      assert.equal(fingerprintOf(at), fingerprintOf(image(wanted)));
    }),
  );
});

test('what others stand on is restored first, and last when it is undone', () => {
  const components = [
    { name: 'a-shop', dependsOn: ['m-orders'] },
    { name: 'm-orders', dependsOn: ['z-db'] },
    { name: 'z-db', dependsOn: [] },
  ];
  const states = ['a-shop', 'm-orders', 'z-db'].map((name) =>
    state(`${name}/files`, { x: '2' }, { x: '1' }),
  );
  const restore = unwrap(makePlan(input(states, { components })));
  assert.deepEqual(
    restore.steps.map(({ component }) => component),
    ['z-db', 'm-orders', 'a-shop'],
  );
  const undo = unwrap(makePlan(input(states, { components, direction: 'undo' })));
  assert.deepEqual(
    undo.steps.map(({ component }) => component),
    ['a-shop', 'm-orders', 'z-db'],
  );
});

test('components that depend on each other are ordered by name, and the plan says so', () => {
  const components = [
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] },
  ];
  const states = ['a/files', 'b/files'].map((id) => state(id, { x: '2' }, { x: '1' }));
  const plan = unwrap(makePlan(input(states, { components })));
  assert.deepEqual(plan.components, ['b', 'a']);
  assert.ok(plan.risks.includes('a depend on each other; their order is by name.'));
});

test('a state that is equal has no step and is not watched for strangers', () => {
  const states = [
    state('a/files', { x: '1' }, { x: '1' }),
    state('b/files', { x: '2' }, { x: '1' }),
  ];
  const plan = unwrap(makePlan(input(states)));
  assert.deepEqual(Object.keys(plan.observed), ['b/files']);
});

test('nothing to do is no plan', () => {
  const made = makePlan(input([state('a/files', { x: '1' }, { x: '1' })]));
  assert.equal(!made.ok && made.error.code, 'LG_ROLLBACK_PLAN_EMPTY');
});

test('what may only be compared is a risk and never a step', () => {
  const fixed = state('a/files', { x: '2' }, { x: '1' });
  const observed = state('a/packages', { x: '2' }, { x: '1' });
  const compareOnly = { ...observed, capture: { ...observed.capture, compareOnly: true } };
  const plan = unwrap(makePlan(input([fixed, compareOnly])));
  assert.deepEqual(
    plan.steps.map(({ state }) => state),
    ['a/files'],
  );
  assert.ok(
    plan.risks.includes(
      'a/packages differs in 1 item and stays as it is: it may only be compared.',
    ),
  );
  const alone = makePlan(input([compareOnly]));
  assert.equal(!alone.ok && alone.error.code, 'LG_ROLLBACK_IMPOSSIBLE');
});

test('a state that moved while it was captured is a risk and never a step', () => {
  const moved = state('a/files', { x: '2' }, { x: '1' });
  const unstable = { ...moved, capture: { ...moved.capture, unstable: true } };
  assert.equal(makePlan(input([unstable])).ok, false);
});

test('losing something needs a second word and is never kept by silence', () => {
  const lossy = state(
    'a/files',
    { x: '2' },
    { x: '1' },
    {
      diff: () => [{ ...change('a/files', 'a', 'x'), reversible: 'lossy', loss: '12 rows' }],
    },
  );
  const goals = [{ check: 'trigger errors', component: 'a' }];
  const plan = unwrap(makePlan(input([lossy], { goals })));
  assert.equal(plan.approval, '1 item would lose something');
  assert.equal(plan.onSilence, 'revert');
  assert.equal(plan.risks[0], 'a: update x loses something: 12 rows.');
});

test('silence may keep only what an incident asked for and what can be undone', () => {
  const states = [state('a/files', { x: '2' }, { x: '1' })];
  const goals = [{ check: 'trigger errors', component: 'a' }];
  assert.equal(unwrap(makePlan(input(states))).onSilence, 'revert');
  assert.equal(unwrap(makePlan(input(states, { goals }))).onSilence, 'keep-if-healed');
});

test('what carries traffic is never kept by silence without a reach probe', () => {
  const states = [state('fw/nftables', { x: '2' }, { x: '1' }, { carriesTraffic: true })];
  const goals = [{ check: 'trigger errors', component: 'fw' }];
  const blind = unwrap(makePlan(input(states, { goals })));
  assert.deepEqual(blind.reach, [{ component: 'fw', probes: [] }]);
  assert.equal(blind.onSilence, 'revert');
  assert.match(blind.risks.join(' '), /fw carries traffic and names no `reach` probe/);
  const reach = [
    { check: 'fw: connect 10.0.0.1:22', component: 'fw' },
    { check: 'other: connect 10.0.0.2:22', component: 'other' },
  ];
  const seeing = unwrap(makePlan(input(states, { goals, reach })));
  assert.deepEqual(seeing.reach, [{ component: 'fw', probes: ['fw: connect 10.0.0.1:22'] }]);
  assert.equal(seeing.onSilence, 'keep-if-healed');
});

test('what was captured together is restored together or refused', () => {
  const one = state('a/files', { x: '2' }, { x: '1' }, { related: ['b/files'] });
  const torn = makePlan(input([one]));
  assert.equal(!torn.ok && torn.error.code, 'LG_ROLLBACK_IMPOSSIBLE');
  const both = makePlan(input([one, state('b/files', { x: '2' }, { x: '1' })]));
  assert.equal(both.ok, true);
});

test('a provider whose steps do not lead to the target makes no plan', () => {
  const lost = state(
    'a/files',
    { x: '2', y: '2' },
    { x: '1', y: '1' },
    {
      plan: () => [{ paths: ['x'], commands: [], disruption: 'none' }],
    },
  );
  const made = makePlan(input([lost]));
  assert.equal(!made.ok && made.error.code, 'LG_ROLLBACK_IMPOSSIBLE');
});

test('an unrestorable target is refused', () => {
  const target = { id: 'cp_1' as CheckpointId, status: 'unrestorable', takenAt: '' } as const;
  const made = makePlan(input([state('a/files', { x: '2' }, { x: '1' })], { target }));
  assert.equal(!made.ok && made.error.code, 'LG_ROLLBACK_IMPOSSIBLE');
});

test('a check that is guard and goal is a goal', () => {
  const states = [state('a/files', { x: '2' }, { x: '1' })];
  const plan = unwrap(
    makePlan(input(states, { goals: [{ check: 'a/files up', component: 'a' }] })),
  );
  assert.deepEqual(plan.checks, [{ role: 'goal', check: 'a/files up', component: 'a' }]);
});

test('what was red before a run does not guard its undo, and is named as a risk', () => {
  const states = [state('a/files', { x: '2' }, { x: '1' })];
  const redBefore = [{ check: 'a/files up', component: 'a' }];
  const plan = unwrap(makePlan(input(states, { direction: 'undo', redBefore })));
  assert.deepEqual(plan.checks, []);
  assert.ok(plan.risks.some((risk) => risk.startsWith('a/files up was red before the run')));
});

test('a suspect target needs a second word, and going back to P by an undo does not', () => {
  const states = [state('a/files', { x: '1' }, { x: '2' })];
  const target = { ...input(states).target, status: 'suspect' } as const;
  const restore = unwrap(makePlan(input(states, { target })));
  assert.match(restore.approval ?? '', /the target is suspect/);
  const undo = unwrap(makePlan(input(states, { target, direction: 'undo' })));
  assert.equal(undo.approval, undefined);
});

/** Components `a`, `b`, … of which each stands on the one before, and what becomes of them. */
function chain(count: number, related: Readonly<Record<string, readonly string[]>> = {}) {
  const names = Array.from({ length: count }, (_, at) => String.fromCodePoint(97 + at));
  const components = names.map((name, at) => ({ name, dependsOn: names.slice(at - 1, at) }));
  const states = names.map((name) =>
    state(`${name}/files`, { x: '2' }, { x: '1' }, { related: related[name] ?? [] }),
  );
  return input(states, { components });
}

const PACE = { soakMs: 10_000, jitterMs: 2_000 };

function batchesOf(of: PlanInput, sizes: Partial<PlanInput['batches']> = {}): readonly string[] {
  const batches = { ...of.batches, ...sizes };
  const plan = unwrap(makePlan({ ...of, batches }));
  return (plan.batches ?? []).map(({ components }) => components.join(''));
}

test('what nothing in the plan stands beneath is the canary, then comes the rest', () => {
  assert.deepEqual(batchesOf(chain(4)), ['a', 'bcd']);
  assert.deepEqual(batchesOf({ ...chain(4), direction: 'undo' }), ['d', 'cba']);
  assert.deepEqual(batchesOf(chain(1)), ['a']);
});

test('canary and batches are as large as was asked for', () => {
  assert.deepEqual(batchesOf(chain(6), { canary: 2, size: 3 }), ['ab', 'cde', 'f']);
  assert.deepEqual(batchesOf(chain(4), { canary: 0, size: 2 }), ['ab', 'cd']);
  assert.deepEqual(batchesOf(chain(4), { canary: 0 }), ['abcd']);
});

test('what belongs together is never cut in two, with all that the order has between', () => {
  assert.deepEqual(batchesOf(chain(4, { a: ['b/files'], b: ['a/files'] })), ['ab', 'cd']);
  assert.deepEqual(batchesOf(chain(4, { c: ['a/files'] })), ['abc', 'd']);
  assert.deepEqual(batchesOf(chain(5, { b: ['c/files'] }), { size: 1 }), ['a', 'bc', 'd', 'e']);
});

test('components that depend on each other have batches like all others', () => {
  const components = [
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] },
  ];
  const states = ['a/files', 'b/files'].map((id) => state(id, { x: '2' }, { x: '1' }));
  assert.deepEqual(batchesOf(input(states, { components })), ['b', 'a']);
});

test('every step is in one batch, in the order of the plan, and only the last has no soak', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom<PlanInput['batches']['size']>('all', 1, 2, 3),
      fc.dictionary(fc.constantFrom('a', 'c', 'e'), fc.constant(['b/files'])),
      (count, canary, size, related) => {
        const asked = { ...chain(count, count > 1 ? related : {}) };
        const batches = { canary, size, ...PACE };
        const plan = unwrap(makePlan({ ...asked, batches }));
        const made = plan.batches ?? [];
        assert.deepEqual(
          made.flatMap(({ steps }) => steps),
          plan.steps.map(({ id }) => id),
        );
        assert.deepEqual(
          made.map(({ soakMs }) => soakMs),
          made.map((_, at) => (at === made.length - 1 ? 0 : PACE.soakMs)),
        );
      },
    ),
  );
});

test('batches that the confirm deadline cannot hold are refused when the plan is made', () => {
  const asked = chain(3);
  const batches = { canary: 1, size: 1, ...PACE };
  // Two soaks of 12 s, and the two pauses between the three last rounds: 28 s.
  const short = makePlan({ ...asked, batches, confirmTimeoutMs: 55_000 });
  assert.ok(!short.ok && short.error.code === 'LG_ROLLBACK_NO_TIME');
  assert.match(short.error.message, /3 batches are watched for 28 s .* deadline of 55 s/);
  assert.equal(makePlan({ ...asked, batches, confirmTimeoutMs: 56_000 }).ok, true);
  const atOnce = { ...batches, canary: 0, size: 'all' } as const;
  assert.equal(makePlan({ ...asked, batches: atOnce, confirmTimeoutMs: 1_000 }).ok, true);
});

test('after a rollback that did not heal the next one needs a word, and silence goes back', () => {
  const goals = [{ check: 'trigger errors', component: 'a' }];
  const plan = unwrap(makePlan({ ...chain(1), goals, notHealed: 'run_1' }));
  assert.equal(plan.approval, 'run_1 went back: it had not healed, or harmed');
  assert.equal(plan.onSilence, 'revert');
});
