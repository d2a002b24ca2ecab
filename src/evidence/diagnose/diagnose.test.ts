import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diagnose } from './diagnose.ts';
import { judgeByRun } from './judge-by-run.ts';
import { confidence, likelihoodRatio, riseScore } from './likelihood.ts';
import { readScenario } from './testdata/scenario-text.ts';

const components = fc.constantFrom('gateway', 'checkout', 'payment', 'catalog');
const count = fc.integer({ min: 0, max: 500 });

/** Any scenario line, sensible or not. */
const line = fc.oneof(
  fc
    .tuple(components, count, count, count, count)
    .map(
      ([name, a, b, c, d]) => `serve ${name} GET /x: ${a}/${a + b} -> ${c}/${c + d} at 14:02:12`,
    ),
  fc
    .tuple(components, components, count, count, count, count)
    .map(
      ([from, to, a, b, c, d]) =>
        `call ${from} > ${to}: ${a}/${a + b} -> ${c}/${c + d} refused ${c}`,
    ),
  fc.tuple(components, count, count).map(([name, a, b]) => `log ${name} "it broke": ${a} -> ${b}`),
  fc.tuple(components, components).map(([from, to]) => `depends ${from} > ${to}`),
  components.map((name) => `present ${name}: 900 -> 0 silent 60s`),
  components.map((name) => `probe ${name} red: connection refused`),
  components.map((name) => `symptom ${name} errors at 14:02:11`),
  fc
    .tuple(components, fc.constantFrom('files', 'deployment'))
    .map(([name, provider]) => `change ${name}/${provider} current: a -> b after 14:01:31`),
  components.map((name) => `checkpoint cp_${name} good 13:00:00: ${name}/files ${name}/deployment`),
);

test('property: whatever it is told, the answer is in order and never sure of two', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.boolean(), (lines, isCompared) => {
      const compared = isCompared
        ? ['compared cp_x 13:00:00: gateway checkout payment catalog']
        : [];
      const text = ['incident 14:02:11 14:03:11', ...lines, ...compared].join('\n');
      const finding = diagnose(readScenario(text));
      assert.deepEqual(finding, diagnose(readScenario(text)));
      const { suspects, rollback } = finding;
      suspects.forEach((suspect, i) => {
        assert.equal(suspect.rank, i + 1);
        assert.ok(suspect.score >= 0 && suspect.score <= 1, String(suspect.score));
        assert.ok(suspect.score <= (suspects[i - 1]?.score ?? 1));
        assert.ok(suspect.reasons.length > 0, suspect.component);
      });
      assert.ok(suspects.slice(1).every(({ verdict }) => verdict !== 'LIKELY'));
      assert.equal(new Set(suspects.map(({ component }) => component)).size, suspects.length);
      if (rollback.helps === 'yes') {
        assert.ok(rollback.checkpoint !== undefined);
        assert.equal(suspects[0]?.kind, 'change');
      }
    }),
  );
});

test('the likelihood ratio is none for equal shares and grows with the evidence', () => {
  assert.equal(likelihoodRatio(5, 100, 5, 100), 0);
  assert.ok(likelihoodRatio(0, 812, 34, 60) > 80);
  assert.ok(likelihoodRatio(0, 10, 1, 10) < 1);
  assert.equal(confidence(0), 0);
  assert.ok(Math.abs(confidence(6) - 0.632) < 0.001);
});

test('property: a share that fell or stayed is no trouble', () => {
  fc.assert(
    fc.property(count, count, count, count, (bad1, good1, bad2, good2) => {
      const score = riseScore(bad1, bad1 + good1, bad2, bad2 + good2);
      assert.ok(score >= 0 && score < 1);
      const isRise = bad2 * Math.max(2, bad1 + good1) > bad1 * (bad2 + good2);
      if (!isRise) assert.equal(score, 0);
    }),
  );
});

const twoChanges = `incident 14:02:11 14:03:11
serve checkout POST /orders: 0/812 -> 20/60 at 14:02:11
serve search GET /find: 0/900 -> 30/80 at 14:02:11
change search/deployment current: v6 -> v7 after 14:01:00
change checkout/deployment current: v1 -> v2 after 14:01:00
compared cp_good 13:40:00: checkout search
checkpoint cp_good good 13:40:00: checkout/deployment search/deployment`;

test('a rollback that healed proves the suspect it brought back', () => {
  const diagnosis = { ...diagnose(readScenario(twoChanges)), elapsedMs: 1 };
  const attempt = { run: 'run_1', checkpoint: 'cp_good', components: ['checkout'], healed: true };
  const [first] = judgeByRun(diagnosis, attempt).suspects;
  assert.equal(first?.component, 'checkout');
  assert.equal(first?.verdict, 'PROVEN');
  assert.match(
    first?.reasons[0]?.text ?? '',
    /cp_good brought checkout back, and the trouble ended/,
  );
});

test('a rollback in vain weakens the suspect, and the other one comes first', () => {
  const diagnosis = { ...diagnose(readScenario(twoChanges)), elapsedMs: 1 };
  const before = diagnosis.suspects[0]?.component ?? '';
  const attempt = { run: 'run_1', checkpoint: 'cp_good', components: [before], healed: false };
  const [first, second] = judgeByRun(diagnosis, attempt).suspects;
  assert.notEqual(first?.component, before);
  assert.equal(second?.component, before);
  assert.match(second?.reasons.at(-1)?.text ?? '', /against: going back to cp_good did not end/);
});
