import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckpointId } from '../../model/checkpoint/checkpoint.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Suspect } from '../../model/incident/suspect.ts';
import type { Plan, PlanContent, PlanHash } from '../../model/run/plan.ts';
import type { RunView } from '../../model/run/run.ts';
import type { AutomaticPolicy } from './policy.ts';
import type { Question } from './question.ts';
import { mayRunByItself } from './may-run-by-itself.ts';
import {
  advice,
  announced,
  begunAt,
  diagnosis,
  incident,
  NOON,
  policy,
  suspect,
} from './testdata/incident.ts';

const step = {
  id: '1',
  state: 'shop/files',
  component: 'shop',
  provider: 'files',
  paths: ['a.conf'],
  expects: 'bad',
  becomes: 'good',
  desired: 'blob',
  commands: [],
  disruption: 'restart',
} as unknown as PlanContent['steps'][number];

/** The change that the plan takes back. */
const change: PlanContent['changes'][number] = {
  component: 'shop',
  state: 'shop/files',
  path: 'a.conf',
  op: 'update',
  secret: false,
  reversible: 'yes',
  disruption: 'restart',
} as PlanContent['changes'][number];

/** What the plan would do. */
const content: PlanContent = {
  target: 'cp_1' as CheckpointId,
  components: ['shop'],
  steps: [step],
  changes: [change],
  observed: {},
  risks: ['shop: it is restarted.'],
  checks: [
    { role: 'goal', check: 'trigger errors on shop', component: 'shop' },
    { role: 'guard', check: 'shop: up', component: 'shop' },
  ],
  gate: { samples: 2, intervalMs: 100 },
  confirmTimeoutMs: 60_000,
  onSilence: 'keep-if-healed',
};

/** A plan that was made by itself, for the incident. */
const plan: Plan = {
  id: 'plan_1',
  planHash: 'hash' as PlanHash,
  content,
  createdAt: '2026-11-21T12:00:00Z',
  expiresAt: '2026-11-21T12:15:00Z',
  requestedBy: 'automatic',
  reason: 'by itself',
  incident: 'inc_1',
};

/** What the gate shall see green. */
const red = {
  check: 'trigger errors on shop',
  component: 'shop',
  color: 'red',
  seen: 'fires',
} as const;
/** What must not turn red. */
const green = { check: 'shop: up', component: 'shop', color: 'green', seen: 'exit 0' } as const;
/** A state whose target has a timer. */
const ready = { state: 'shop/files', confirm: 'supervisor', dataBearing: false } as const;

/** A question to which nothing speaks against a yes. */
const asked: Question = {
  incident,
  history: { incidents: [incident], runs: [] },
  switches: { policy },
  now: NOON,
  uptime: { bootId: 'boot', uptimeMs: 172_800_000 },
  plan,
  checkpoint: { id: 'cp_1', status: 'good' } as Question['checkpoint'],
  readiness: [ready],
  samples: [red, green],
};

/** A run of a person that ended lately. */
const run = {
  run: 'run_9',
  state: 'REVERTED',
  requestedBy: 'token:ann',
  startedAt: '2026-11-21T11:40:00Z',
  endedAt: '2026-11-21T11:50:00Z',
  progress: [{ state: 'shop/files', component: 'shop', at: 'before', report: '' }],
} as unknown as RunView;

/** What is said before a rollback begins by itself. */
/** When one began. */
const withIncident = (more: Partial<Incident>): Partial<Question> => {
  const one = { ...incident, ...more };
  return { incident: one, history: { ...asked.history, incidents: [one] } };
};
const withSuspect = (more: Partial<Suspect>): Partial<Question> =>
  withIncident({ diagnosis: { ...diagnosis, suspects: [{ ...suspect, ...more }] } });
const withContent = (more: Partial<PlanContent>): Partial<Question> => ({
  plan: { ...plan, content: { ...content, ...more } },
});
const withPlan = (more: Partial<Plan>): Partial<Question> => ({ plan: { ...plan, ...more } });
const withPolicy = (more: Partial<AutomaticPolicy>): Partial<Question> => ({
  switches: { policy: { ...policy, ...more } },
});
const withRuns = (...runs: readonly Partial<RunView>[]): Partial<Question> => ({
  history: { ...asked.history, runs: runs.map((more) => ({ ...run, ...more })) },
});
const withOther = (automatic: NonNullable<Incident['automatic']>): Partial<Question> => ({
  history: { runs: [], incidents: [incident, { ...incident, id: 'inc_0', automatic }] },
});

/** What speaks against it, and in which words. */
const AGAINST: readonly (readonly [string, Partial<Question>, RegExp])[] = [
  ['no policy', { switches: {} }, /^rollback\.automatic is false$/],
  ['kill switch', { switches: { policy, off: 'racks' } }, /switched off: racks$/],
  ['hold', { switches: { policy, hold: 'hands off' } }, /on hold: hands off$/],
  ['freeze', { switches: { policy, frozen: 'black-friday' } }, /frozen: black-friday$/],
  ['window', withPolicy({ windows: [] }), /^no window of rollback\.automatic is open now$/],
  ['acknowledged', withIncident({ state: 'acknowledged', acknowledgedBy: 'ann' }), /^ann looks/],
  ['mitigating', withIncident({ state: 'mitigating' }), /^the incident is mitigating$/],
  ['closed', withIncident({ state: 'closed' }), /^the incident is closed$/],
  ['quiet', withIncident({ firing: [] }), /^no trigger of the incident fires any more$/],
  [
    'advice no',
    withIncident({ diagnosis: { ...diagnosis, rollback: { helps: 'no', why: 'restart it' } } }),
    /^no rollback is recommended: restart it$/,
  ],
  [
    'advice unknown',
    withIncident({ diagnosis: { ...diagnosis, rollback: { ...advice, helps: 'unknown' } } }),
    /^no rollback is recommended/,
  ],
  ['no change', withSuspect({ kind: 'process' }), /^the first suspect, shop, did not change$/],
  ['verdict', withSuspect({ verdict: 'CORRELATED' }), /to blame is only CORRELATED$/],
  ['score', withSuspect({ score: 0.79 }), /^shop is suspected with 0\.79, less than 0\.8$/],
  ['other component', withPolicy({ components: ['till'] }), /^shop is not among/],
  [
    'called off before',
    withIncident({ automatic: { reasons: [], announced, calledOff: { at: begunAt, why: 'no' } } }),
    /^it was called off before: no$/,
  ],
  [
    'begun before',
    withIncident({ automatic: { reasons: [], announced, begunAt } }),
    /^one began for this incident at/,
  ],
  [
    'announced before',
    withIncident({ automatic: { reasons: [], announced } }),
    /^one was announced for this incident at/,
  ],
  ['never announced', { announced: 'plan_1' }, /^it was never announced$/],
  ['another one', withOther({ reasons: [], announced }), /^another one is announced, for inc_0$/],
  [
    'cool-down of the component',
    withOther({ reasons: [], announced, begunAt }),
    /^shop went back by itself for inc_0, its cool-down is not over$/,
  ],
  [
    'rate limit',
    {
      ...withOther({ reasons: [], announced: { ...announced, components: ['x'] }, begunAt }),
      ...withPolicy({ limit: { runs: 1, withinMs: 86_400_000 } }),
    },
    /^1 rollback began by itself within 1d, as many as may$/,
  ],
  [
    'cool-down after the wall clock was set',
    withOther({
      reasons: [],
      announced,
      begunAt: '2026-11-20T11:00:00Z',
      begunUptime: { bootId: 'boot', uptimeMs: 172_740_000 },
    }),
    /^shop went back by itself for inc_0, its cool-down is not over$/,
  ],
  [
    'cool-down by a run whose incident says nothing of it',
    withRuns({ requestedBy: 'automatic', state: 'COMMITTED', healed: true, incident: 'inc_0' }),
    /^shop went back by itself for inc_0, its cool-down is not over$/,
  ],
  ['runs unknown', { history: { incidents: [incident], runs: undefined } }, /cannot be read$/],
  ['active run', withRuns({ state: 'APPLYING' }), /^run_9 is APPLYING$/],
  [
    'operator needed',
    withRuns({ state: 'NEEDS_OPERATOR', endedAt: '2026-01-01T00:00:00Z', progress: [] }),
    /^run_9 needs an operator$/,
  ],
  [
    'run of this incident',
    withRuns({ state: 'COMMITTED', healed: true, incident: 'inc_1' }),
    /^run_9 was for this incident and ended COMMITTED$/,
  ],
  ['failed run', withRuns({}), /^run_9 ended REVERTED lately; a person decides what is next$/],
  ['not healed', withRuns({ state: 'COMMITTED', healed: false }), /^run_9 ended COMMITTED lately/],
  [
    'failed elsewhere by itself',
    withRuns({ requestedBy: 'automatic', progress: [] }),
    /^run_9 ended REVERTED lately/,
  ],
  ['plan of another incident', withPlan({ incident: 'inc_7' }), /not for this incident$/],
  ['plan of a person', withPlan({ requestedBy: 'token:ann' }), /^token:ann asked for the plan$/],
  ['old plan', withPlan({ expiresAt: '2026-11-21T12:00:00Z' }), /^the plan is too old$/],
  [
    'another plan than announced',
    {
      ...withIncident({ automatic: { reasons: [], announced: { ...announced, plan: 'plan_2' } } }),
      announced: 'plan_2',
    },
    /^another plan was announced$/,
  ],
  ['other target', withContent({ target: 'cp_2' as CheckpointId }), /than the one recommended$/],
  ...(['captured', 'restorable', 'suspect', 'bad', 'unrestorable'] as const).map(
    (status): (typeof AGAINST)[number] => [
      status,
      { checkpoint: { ...asked.checkpoint, status } },
      new RegExp(`^checkpoint cp_1 is ${status}$`),
    ],
  ),
  [
    'also another component',
    withContent({ steps: [step, { ...step, component: 'db' }] }),
    /^the plan also changes db, not among/,
  ],
  ['does not undo it', withContent({ changes: [] }), /does not take the suspected change back$/],
  [
    'takes back what is not suspected, too',
    withContent({
      losses: [{ state: 'shop/files', removed: 0, overwritten: 2, bytes: 60, versions: 2 }],
    }),
    /^shop\/files goes back over 2 versions, not over one$/,
  ],
  [
    'irreversible item',
    withContent({ changes: [change, { ...change, path: 'b', reversible: 'lossy' }] }),
    /^1 item cannot be taken back whole$/,
  ],
  ['approval', withContent({ approval: 'it holds data' }), /^a second person is needed: it holds/],
  [
    'any other risk',
    withContent({ risks: [...content.risks, 'shop/files: the secret key differs from now.'] }),
    /^a risk for a person: shop\/files: the secret key differs/,
  ],
  ['away host', { readiness: [{ ...ready, problem: 'no answer' }] }, /^shop\/files: no answer$/],
  ['no timer', { readiness: [{ ...ready, confirm: 'none' }] }, /no timer on its target/],
  ['data', { readiness: [{ ...ready, dataBearing: true }] }, /^shop\/files holds data$/],
  ['not asked', { readiness: [] }, /^shop\/files was not asked$/],
  ['no goal', withContent({ checks: content.checks.slice(1) }), /^the gate has no goal/],
  ['no guard', withContent({ checks: content.checks.slice(0, 1) }), /^the gate has no guard/],
  [
    'inconclusive',
    { samples: [red, { ...green, color: 'unknown', seen: 'no data' }] },
    /^the gate cannot judge shop: up: no data$/,
  ],
  [
    'red guard',
    { samples: [red, { ...green, color: 'red', seen: 'answered 503' }] },
    /^guard shop: up is red already/,
  ],
  ['not sampled', { samples: [red] }, /^the gate cannot judge shop: up: no answer$/],
  ['nothing to heal', { samples: [{ ...red, color: 'green' }, green] }, /nothing to heal$/],
];

test('a rollback runs by itself only where nothing speaks against it', () => {
  assert.equal(mayRunByItself(asked), 'yes');
  const mine = { incident: { ...incident, automatic: { reasons: [], announced } } };
  assert.equal(mayRunByItself({ ...asked, ...mine, announced: 'plan_1' }), 'yes', 'as announced');
});

for (const [name, more, words] of AGAINST) {
  test(`not by itself: ${name}`, () => {
    const answer = mayRunByItself({ ...asked, ...more });
    assert.ok(answer !== 'yes', 'it must not run by itself');
    assert.ok(
      answer.some((reason) => words.test(reason)),
      `${String(words)} is not among ${answer.join(' | ')}`,
    );
  });
}

test('all reasons are told at once', () => {
  const answer = mayRunByItself({ ...asked, switches: {}, samples: [], readiness: [] });
  assert.ok(answer !== 'yes' && answer.length >= 5, String(answer));
});

test('what was long ago does not count', () => {
  const old = { ...run, endedAt: '2026-11-20T12:00:00Z' };
  assert.equal(mayRunByItself({ ...asked, ...withRuns(old) }), 'yes');
  const begun = { reasons: [], announced, begunAt: '2026-11-20T11:00:00Z' };
  assert.equal(mayRunByItself({ ...asked, ...withOther(begun) }), 'yes');
});
