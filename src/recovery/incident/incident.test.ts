import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Result } from '../../base/result.ts';
import type { Incident, IncidentEntry } from '../../model/incident/incident.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { Diagnosis } from '../../model/incident/suspect.ts';
import { acknowledge, close, endRun, startRun } from './change-state.ts';
import { closeByItself } from './close-by-itself.ts';
import { foldIncident, type IncidentStory } from './fold-incident.ts';
import { groupSignal } from './group-signal.ts';
import { incidentReport } from './incident-report.ts';
import { reconcileSignals } from './reconcile-signals.ts';

const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 10, 20, 14, minute, second)).toISOString();

function signal(component: string, minute: number, phase: Signal['phase'] = 'raised'): Signal {
  return {
    id: `sig_${component}_${minute}_${phase}`,
    phase,
    trigger: 'errors',
    component,
    at: at(minute, 3),
    firstBadAt: at(minute),
    value: 2.1,
    limit: 2,
    reason: `${component} wrote 21 records of ERROR or above in 10s (2.1/s), above 2/s`,
    actions: ['incident'],
  };
}

const opened = { kind: 'opened', at: at(2, 3), signal: signal('checkout', 2) } as const;
const told = (
  component: string,
  minute: number,
  phase: Signal['phase'] = 'raised',
): IncidentEntry => ({
  kind: 'signal',
  at: at(minute, 3),
  signal: signal(component, minute, phase),
});
const ended = (state: string, healed: boolean): IncidentEntry => ({
  kind: 'run-ended',
  at: at(8),
  run: 'run_1',
  state,
  healed,
});
const started: IncidentEntry = { kind: 'run-started', at: at(5), run: 'run_1' };
const fold = (...entries: readonly IncidentEntry[]): IncidentStory =>
  foldIncident('inc_1', entries);
const stateAfter = (...entries: readonly IncidentEntry[]): Incident['state'] =>
  fold(opened, ...entries).incident.state;

const links = [
  { from: 'gateway', to: 'checkout' },
  { from: 'checkout', to: 'payment' },
];

test('an incident goes from open over mitigating and verifying to closed', () => {
  const acknowledged: IncidentEntry = { kind: 'acknowledged', at: at(3), actor: 'ann' };
  const closed: IncidentEntry = { kind: 'closed', at: at(9), actor: 'ann', reason: 'healed' };
  assert.equal(stateAfter(), 'open');
  assert.equal(stateAfter(acknowledged), 'acknowledged');
  assert.equal(stateAfter(acknowledged, started), 'mitigating');
  assert.equal(stateAfter(acknowledged, started, ended('COMMITTED', true)), 'verifying');
  assert.equal(stateAfter(acknowledged, started, ended('COMMITTED', true), closed), 'closed');
});

test('a rollback that was reverted or did not heal leaves the incident as it was before', () => {
  const acknowledged: IncidentEntry = { kind: 'acknowledged', at: at(3), actor: 'ann' };
  assert.equal(stateAfter(started, ended('REVERTED', false)), 'open');
  assert.equal(stateAfter(acknowledged, started, ended('COMMITTED', false)), 'acknowledged');
  const stuck = ended('NEEDS_OPERATOR', false);
  assert.equal(stateAfter(started, stuck), 'mitigating');
  // A person left it as it is: nothing mends the trouble any more.
  assert.equal(stateAfter(started, stuck, ended('ACCEPTED', false)), 'open');
});

test('trouble that comes again after a rollback ends the verifying', () => {
  assert.equal(stateAfter(started, ended('COMMITTED', true), told('payment', 9)), 'open');
});

test('its beginning is the earliest bad record of all its signals', () => {
  const { incident } = fold(opened, told('payment', 1), told('gateway', 4));
  assert.equal(incident.firstBadAt, at(1));
  assert.equal(incident.title, 'checkout, payment and gateway in trouble');
  assert.deepEqual(incident.firing, ['errors']);
});

test('a signal joins the incident of its component, or of one it calls or is called by', () => {
  const stories = [fold(opened)];
  const joins = { kind: 'join', incident: 'inc_1', why: 'gateway is 1 step from it by calls' };
  assert.deepEqual(groupSignal(signal('gateway', 3), stories, links), joins);
  const same = { ...signal('checkout', 3), trigger: 'slow' };
  assert.equal(groupSignal(same, stories, links).kind, 'join');
  assert.deepEqual(groupSignal(signal('search', 3), stories, links), { kind: 'open' });
});

test('trouble far away or after a long quiet opens an incident of its own', () => {
  const chain = [...links, { from: 'payment', to: 'bank' }, { from: 'bank', to: 'vault' }];
  assert.equal(groupSignal(signal('vault', 3), [fold(opened)], chain).kind, 'open');
  const quiet = [fold(opened, told('checkout', 3, 'cleared'))];
  assert.equal(groupSignal(signal('gateway', 5), quiet, links).kind, 'join');
  assert.equal(groupSignal(signal('gateway', 30), quiet, links).kind, 'open');
});

test('a repeat changes nothing, and a clearing finds the incident of its raise', () => {
  const stories = [fold(opened)];
  assert.equal(groupSignal(signal('checkout', 3), stories, links).kind, 'drop');
  assert.equal(groupSignal(signal('checkout', 3, 'cleared'), stories, links).kind, 'join');
  assert.equal(groupSignal(signal('search', 3, 'cleared'), stories, links).kind, 'drop');
});

test('a trigger without the action incident opens none, but is noted where one is open', () => {
  const silent = (component: string): Signal => ({ ...signal(component, 3), actions: ['notify'] });
  assert.equal(groupSignal(silent('search'), [fold(opened)], links).kind, 'drop');
  assert.equal(groupSignal(silent('payment'), [fold(opened)], links).kind, 'join');
});

test('a healed incident closes itself once nothing fires, another after a long quiet', () => {
  const cleared = told('checkout', 7, 'cleared');
  const healed = fold(opened, started, ended('COMMITTED', true));
  assert.equal(closeByItself(healed, at(8)), undefined);
  const over = closeByItself(fold(opened, started, ended('COMMITTED', true), cleared), at(8));
  assert.deepEqual(over, {
    kind: 'closed',
    at: at(8),
    actor: 'lastgood',
    reason: 'run run_1 healed it and no trigger fires any more',
  });
  assert.equal(closeByItself(fold(opened, cleared), at(20)), undefined);
  assert.equal(closeByItself(fold(opened, cleared), at(38))?.kind, 'closed');
  assert.equal(closeByItself(fold(opened, cleared, started), at(59)), undefined);
});

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

test('what is not allowed is refused with its code', () => {
  const closed = fold(opened, { kind: 'closed', at: at(3), actor: 'ann', reason: 'over' });
  assert.equal(codeOf(acknowledge(closed, 'bob', at(4))), 'LG_INCIDENT_CLOSED');
  assert.equal(codeOf(close(closed, 'bob', 'over', at(4))), 'LG_INCIDENT_CLOSED');
  assert.equal(codeOf(startRun(closed, 'run_2', at(4))), 'LG_INCIDENT_CLOSED');
  assert.equal(codeOf(close(fold(opened), 'bob', '  ', at(4))), 'LG_INCIDENT_REASON_MISSING');
  const running = fold(opened, started);
  assert.equal(codeOf(close(running, 'bob', 'over', at(6))), 'LG_INCIDENT_RUN_ACTIVE');
});

test('doing the same twice adds no second entry', () => {
  const taken = fold(opened, { kind: 'acknowledged', at: at(3), actor: 'ann' });
  assert.deepEqual(acknowledge(taken, 'ann', at(4)), { ok: true, value: undefined });
  assert.deepEqual(startRun(fold(opened, started), 'run_1', at(6)), { ok: true, value: undefined });
  const done = fold(opened, started, ended('COMMITTED', true));
  assert.equal(endRun(done, { run: 'run_1', state: 'COMMITTED', healed: true }, at(9)), undefined);
});

test('after a restart of the counters, only a trigger that is seen quiet clears', () => {
  const state = {
    name: 'errors',
    signal: 'log-rate',
    component: 'checkout',
    explanation: 'x',
  } as const;
  const story = fold(opened);
  assert.deepEqual(reconcileSignals(story, [{ ...state, state: 'no-data' }], at(5)), []);
  const [entry, ...more] = reconcileSignals(story, [{ ...state, state: 'quiet' }], at(5));
  assert.deepEqual(more, []);
  const after = entry === undefined ? story : fold(opened, entry);
  assert.deepEqual(after.incident.firing, []);
  assert.deepEqual(reconcileSignals(after, [{ ...state, state: 'quiet' }], at(6)), []);
});

const diagnosis: Diagnosis = {
  incident: { from: at(2), to: at(3) },
  suspects: [
    {
      rank: 1,
      component: 'checkout',
      kind: 'change',
      score: 0.97,
      verdict: 'LIKELY',
      reasons: [{ text: 'checkout/deployment: current went from v1 to v2', evidence: [] }],
    },
  ],
  rollback: { helps: 'yes', why: 'it takes it back', checkpoint: 'cp_good' },
  elapsedMs: 3,
};

test('the report tells the story, and text from outside cannot format it', () => {
  const evil = { ...signal('checkout', 2), reason: '<script>alert(1)</script> *bold*' };
  const entries: readonly IncidentEntry[] = [
    { kind: 'opened', at: at(2, 3), signal: evil },
    { kind: 'diagnosed', at: at(3), diagnosis },
    started,
    ended('COMMITTED', true),
  ];
  const report = incidentReport('inc_1', entries, at(9));
  assert.match(report, /^# checkout in trouble\n/);
  assert.match(report, /1\. \*\*checkout\*\* LIKELY, 0\.97/);
  assert.match(report, /rollback run\\_1 ended COMMITTED, healed/);
  assert.ok(!report.includes('<script>') && !report.includes(' *bold*'));
});

test('a run of ours that was under way is told first, and stays told once all is quiet', () => {
  const text = 'errors on checkout began 4 s after step 2 of run run_7, which changed x';
  const duringRun = {
    run: 'run_7',
    trigger: 'errors',
    component: 'checkout',
    firstBadAt: at(2),
    step: '2',
    changed: 'checkout/files',
    afterMs: 4_000,
    text,
  };
  const entries: readonly IncidentEntry[] = [
    { ...opened, duringRun } as const,
    told('checkout', 7, 'cleared'),
  ];
  assert.deepEqual(fold(...entries).incident.duringRuns, [duringRun]);
  const report = incidentReport('inc_1', entries, at(9)).replaceAll('\\', '');
  assert.ok(report.includes(`- Cause: ${text}; not known yet`), report);
  assert.ok(report.includes(`in 10s (2.1/s), above 2/s; ${text}`), report);
});

const anyEntry: fc.Arbitrary<IncidentEntry> = fc.oneof(
  fc
    .tuple(fc.constantFrom('checkout', 'payment'), fc.integer({ min: 0, max: 59 }), fc.boolean())
    .map(([component, minute, isRaised]) =>
      told(component, minute, isRaised ? 'raised' : 'cleared'),
    ),
  fc.constantFrom<IncidentEntry>(
    { kind: 'acknowledged', at: at(3), actor: 'ann' },
    { kind: 'closed', at: at(9), actor: 'ann', reason: 'over' },
    { kind: 'diagnosed', at: at(3), diagnosis },
    started,
    ended('COMMITTED', true),
    ended('ABORTED', false),
    { kind: 'run-started', at: at(6), run: 'run_2' },
  ),
);

test('property: in whatever order entries come, closed stays closed', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 30 }), (entries) => {
      const { incident, quietSince } = fold(opened, ...entries);
      const isClosed = entries.some(({ kind }) => kind === 'closed');
      assert.equal(incident.state === 'closed', isClosed);
      assert.equal(new Set(incident.runs).size, incident.runs.length);
      assert.equal(quietSince === undefined, incident.firing.length > 0);
    }),
  );
});
