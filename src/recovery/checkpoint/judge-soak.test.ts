import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMs, parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointFact } from '../../model/checkpoint/checkpoint.ts';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';
import { judgeSoak, type SoakMoment } from './judge-soak.ts';
import { sealedFact } from './testdata/manifest.ts';

const SOAK_MS = 10_000;
const takenAt = parseRfc3339('2026-11-21T02:00:00Z') as TimeNs;

function sample(color: ProbeColor): ProbeSample {
  return { check: 'shop: GET /healthz', component: 'shop', color, seen: `it is ${color}` };
}

/** Looks each second and answers all facts, as the daemon's loop does. */
function soak(
  moments: number,
  momentOf: (second: number) => Partial<SoakMoment>,
  sealed = sealedFact({}),
): readonly CheckpointFact[] {
  let facts: readonly CheckpointFact[] = [sealed];
  for (let second = 1; second <= moments; second += 1) {
    const now = addMs(takenAt, second * 1000);
    const usual = { now, soakMs: SOAK_MS, samples: [sample('green')], openIncidents: [] };
    facts = [...facts, ...judgeSoak(facts, { ...usual, ...momentOf(second) })];
  }
  return facts;
}

function endOf(facts: readonly CheckpointFact[]) {
  return facts.find((fact) => fact.kind === 'soak-ended');
}

test('a checkpoint becomes good after its whole soak in health, and not before', () => {
  assert.equal(endOf(soak(9, () => ({}))), undefined);
  assert.equal(endOf(soak(10, () => ({})))?.healthy, true);
});

test('one red check ends the soak at once and names the check', () => {
  const end = endOf(soak(5, (second) => (second === 3 ? { samples: [sample('red')] } : {})));
  assert.equal(end?.healthy, false);
  assert.match(end?.why ?? '', /GET \/healthz it is red/);
});

test('an incident during the soak keeps it from becoming good', () => {
  const facts = soak(20, (second) => (second === 4 ? { openIncidents: ['inc_1'] } : {}));
  assert.equal(endOf(facts)?.healthy, false);
});

test('a gap in the evidence keeps it from becoming good', () => {
  const end = endOf(soak(20, () => ({ gap: 'down until 02:00:07Z' })));
  assert.equal(end?.healthy, false);
  assert.match(end?.why ?? '', /gap/);
});

test('no data is never good', () => {
  assert.equal(endOf(soak(20, () => ({ samples: [] })))?.healthy, false);
  assert.equal(endOf(soak(20, () => ({ samples: [sample('unknown')] })))?.healthy, false);
});

test('an unclear soak goes on until it was seen to be well for long enough', () => {
  const facts = soak(30, (second) => (second <= 7 ? { samples: [sample('unknown')] } : {}));
  const end = endOf(facts);
  assert.equal(end?.healthy, true);
  assert.equal(end?.at, '2026-11-21T02:00:16.000000000Z', '7 s unclear, 6 s longer');
  assert.match(end?.why ?? '', /^healthy for 10s, unclear for 7s: /);
});

test('what nobody saw of a soak, because the daemon was stopped, is not taken for health', () => {
  const stopped = { unwatchedSince: addMs(takenAt, 2_000) };
  const facts = soak(14, (second) => (second === 9 ? stopped : {}));
  assert.equal(endOf(facts), undefined);
  const early = { unwatchedSince: addMs(takenAt, -5_000) };
  const first = soak(12, (second) => (second === 1 ? early : {}));
  assert.equal(endOf(first)?.healthy, true, 'what was before it was taken is nothing to it');
});

test('a soak that stays unclear ends in the end, and not well', () => {
  const flapping = (second: number) => (second % 20 === 1 ? {} : { samples: [sample('unknown')] });
  const end = endOf(soak(90, flapping));
  assert.equal(end?.healthy, false);
  assert.match(end?.why ?? '', /^health was unclear for \d+s of 70s$/);
});

test('what was sick when it was taken never becomes good', () => {
  const facts = soak(20, () => ({}), sealedFact({ verdict: 'degraded' }));
  assert.equal(endOf(facts)?.healthy, false);
});

test('the same verdict is not written down again and again', () => {
  assert.equal(soak(9, () => ({})).filter(({ kind }) => kind === 'soak-sample').length, 1);
});

test('a red check of something outside ends no soak, and alone it makes nothing good', () => {
  const outside: ProbeSample = { ...sample('red'), check: 'shop: GET dns', external: true };
  const beside = soak(10, () => ({ samples: [sample('green'), outside] }));
  assert.equal(endOf(beside)?.healthy, true);
  const alone = endOf(soak(10, () => ({ samples: [outside] })));
  assert.equal(alone?.healthy, false);
  assert.match(alone?.why ?? '', /no health check or trigger had data/);
});
