import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Status } from '../api/types.ts';
import { sentenceOf } from './sentence.ts';

const now = new Date(2026, 5, 10, 14, 40, 0).getTime();
const at = (ms: number): string => new Date(now + ms).toISOString();

const calm: Status = {
  version: '1.0.0',
  health: 'ok',
  standing: { verdict: 'healthy', judgedBy: 1, why: 'every health check is green', checks: [] },
  startedAt: at(-3_600_000),
  dataDirectory: '/data',
  keyFile: '/data/key',
  evidence: { state: 'up', restarts: 0 },
  sources: [],
  clocks: [],
  checkpoints: { count: 0 },
  announced: [],
  incidents: [],
  runs: [],
  hold: { on: false, armed: [] },
  coverage: { components: 0, complete: 0 },
  unresolved: [],
  problems: [],
};

const brief = (takenAt: string): NonNullable<Status['checkpoints']['last']> => ({
  id: `cp_${takenAt}`,
  status: 'good',
  statusReason: '',
  takenAt,
});

const run: Status['runs'][number] = {
  run: 'run_1',
  plan: 'plan_1',
  planHash: 'h',
  state: 'AWAITING_CONFIRM',
  requestedBy: 'token:ann',
  startedAt: at(-10_000),
  deadline: at(42_000),
  onSilence: 'revert',
  confirmTimeoutMs: 600_000,
  target: 'cp_1',
  progress: [],
  batch: { number: 1, of: 1, components: [] },
  byHand: [],
};

const incident: Status['incidents'][number] = {
  id: 'inc_1',
  state: 'open',
  title: 'checkout answers 57 % errors',
  openedAt: at(-60_000),
  firstBadAt: at(-120_000),
  components: ['checkout'],
  signals: [],
  firing: ['errors'],
  runs: [],
};

test('in peace it says when the last good checkpoint was', () => {
  const last = brief(at(-480_000));
  const told = sentenceOf({ ...calm, checkpoints: { count: 1, last, lastGood: last } }, now);
  assert.equal(told.tone, 'good');
  assert.equal(told.rest, 'last good checkpoint 14:32 (8 min ago)');
});

test('without a good checkpoint it says when there will be one', () => {
  const last = { ...brief(at(-60_000)), status: 'restorable' as const, goodAt: at(300_000) };
  const told = sentenceOf({ ...calm, checkpoints: { count: 1, last } }, now);
  assert.equal(
    told.rest,
    'no good checkpoint yet; the newest becomes good at 14:45 if health holds',
  );
});

test('a host that is only compared is never promised a way back', () => {
  const last = {
    ...brief(at(-480_000)),
    status: 'restorable' as const,
    compareOnly: true as const,
  };
  const told = sentenceOf({ ...calm, checkpoints: { count: 1, last } }, now);
  assert.equal(told.rest, 'comparing with 14:32; nothing here can be rolled back yet');
});

test('an open incident comes before everything but a run', () => {
  const told = sentenceOf({ ...calm, health: 'degraded', incidents: [incident] }, now);
  assert.equal(told.lead, 'Incident open since 14:38');
  assert.equal(told.rest, 'checkout answers 57 % errors');
  const both = sentenceOf({ ...calm, incidents: [incident], runs: [run] }, now);
  assert.equal(both.lead, 'Rollback awaits confirmation, 42 s left');
  assert.equal(both.rest, 'run_1');
});

test('a run that needs a person is told, one that goes on is told first', () => {
  const stuck = { ...run, run: 'run_0', state: 'NEEDS_OPERATOR' as const, why: 'foreign change' };
  const alone = sentenceOf({ ...calm, runs: [stuck] }, now);
  assert.deepEqual([alone.lead, alone.rest], ['A rollback needs you', 'foreign change']);
  assert.deepEqual(sentenceOf({ ...calm, runs: [stuck, run] }, now).to, ['runs', 'run_1']);
});

test('a failing health check is told without any incident', () => {
  const check = {
    check: 'shop: GET http://127.0.0.1/',
    component: 'shop',
    color: 'red' as const,
    seen: 'answered 500, expected 200',
    since: at(-90_000),
    lastAt: at(0),
    watchedBy: [],
  };
  const standing = { verdict: 'failed' as const, judgedBy: 1, why: '', checks: [check] };
  const told = sentenceOf({ ...calm, health: 'degraded', standing }, now);
  assert.equal(told.tone, 'bad');
  assert.equal(told.lead, 'shop is unhealthy since 14:38');
  assert.equal(told.rest, 'shop: GET http://127.0.0.1/: answered 500, expected 200');
  // A service that crashed and fell silent is not calm: no trigger fires, its check is red.
  const silent = { ...incident, firing: [] };
  const still = sentenceOf({ ...calm, health: 'degraded', standing, incidents: [silent] }, now);
  assert.deepEqual([still.tone, still.lead], ['bad', 'Incident open since 14:38']);
  assert.match(still.rest, /shop is unhealthy since 14:38/);
  const quiet = sentenceOf({ ...calm, incidents: [silent] }, now);
  assert.deepEqual([quiet.tone, quiet.lead], ['warn', 'Incident quiet, still open, since 14:38']);
});

test('without anything to judge by it is never called healthy', () => {
  const why = 'no health check is declared and no trigger has data';
  const standing = { verdict: 'inconclusive' as const, judgedBy: 0, why, checks: [] };
  const told = sentenceOf({ ...calm, standing }, now);
  assert.deepEqual([told.tone, told.lead], ['quiet', 'Nothing to judge by']);
});

test('a dead evidence plane is never called healthy', () => {
  const told = sentenceOf({ ...calm, evidence: { state: 'down', restarts: 3 } }, now);
  assert.equal(told.tone, 'bad');
});

test('a rollback that will begin by itself comes first, with how long there is to say no', () => {
  const due = at(40_000);
  const planned = { plan: 'plan_1', planHash: 'hash', target: 'cp_1', components: ['shop'] };
  const announced = [{ incident: 'inc_1', at: at(-20_000), due, ...planned }];
  const { lead, rest, to } = sentenceOf({ ...calm, announced }, now);
  assert.equal(lead, 'shop will go back by itself in 40 s');
  assert.equal(rest, 'to cp_1 at 14:40:40, unless you say no');
  assert.deepEqual(to, ['incidents', 'inc_1']);
});
