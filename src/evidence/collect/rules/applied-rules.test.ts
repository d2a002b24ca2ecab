import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../base/canonical-json.ts';
import { silentLog } from '../../../base/log.ts';
import {
  RecordBatchBuilder,
  type BatchRow,
  type RecordBatch,
} from '../../../model/record/record-batch.ts';
import type { RuleMatch, SourceRule } from '../../../model/evidence/source-rule.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { AppliedRules } from './applied-rules.ts';

const ANY = { minSeverity: 0, maxSeverity: 16 };
const rule = (does: 'drop' | 'count' | 'dedupe', match: Partial<RuleMatch> = {}): SourceRule => {
  const base = { name: does, match: { ...ANY, ...match } };
  if (does === 'drop') return { ...base, do: does };
  if (does === 'count') return { ...base, do: does, everyMs: 60_000 };
  return { ...base, do: does, windowMs: 10_000 };
};

const batchOf = (rows: readonly Partial<BatchRow>[]): RecordBatch => {
  const builder = new RecordBatchBuilder();
  for (const row of rows) {
    builder.add({ kind: 'log', observedNs: 1n, source: 'app', component: 'web', ...row });
  }
  return builder.build();
};

function world(...rules: readonly SourceRule[]) {
  const store = new MemoryTelemetryStore();
  const clock = new ManualClock();
  const applied = new AppliedRules({ source: 'app', store, clock, log: silentLog }, rules);
  /** Takes a batch as a source's delivery does; answers the bodies that are left. */
  const take = (...rows: readonly (string | Partial<BatchRow>)[]): readonly string[] => {
    const batch = batchOf(rows.map((row) => (typeof row === 'string' ? { body: row } : row)));
    const sifted = applied.sift(batch);
    sifted.commit();
    return sifted.kept.body;
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(Math.min(left, 1_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const written = (): readonly string[] => store.rows.map(({ body }) => body);
  return { store, clock, applied, take, pass, written };
}

describe('rules of a source', () => {
  test('drop leaves out what matches, shows how much and the newest of it', () => {
    const { take, applied, clock } = world(rule('drop', { text: 'GET /healthz' }));
    assert.deepEqual(take('GET /healthz 200', 'GET /orders 200', 'GET /healthz 201'), [
      'GET /orders 200',
    ]);
    const [status] = applied.status();
    assert.deepEqual(status, {
      name: 'drop',
      do: 'drop',
      leftOut: 2,
      written: 0,
      lastAt: '2026-01-01T00:00:00.000000000Z',
      example: 'GET /healthz 201',
    });
    assert.ok(clock.uptimeMs() === 0);
  });

  test('errors stay unless the rule names them', () => {
    const error = { body: 'refused', severity: 17 };
    assert.deepEqual(world(rule('drop', { text: 'refused' })).take(error), ['refused']);
    const named = rule('drop', { text: 'refused', minSeverity: 17, maxSeverity: 24 });
    assert.deepEqual(world(named).take(error, { body: 'refused', severity: 9 }), ['refused']);
  });

  test('matches component, event, kind, attributes and resource, all that are named', () => {
    const row = {
      body: 'b',
      component: 'cart',
      host: 'h1',
      eventName: 'cache.missed',
      kind: 'event' as const,
      attributes: canonicalJson({ a: { 'http.status': 200 }, 'http.route': '/x', n: 2001 }),
      resource: canonicalJson({ 'k8s.namespace.name': 'kube-system' }),
    };
    const isDropped = (match: Partial<RuleMatch>): boolean =>
      world(rule('drop', match)).take({ body: 'other' }, row).length === 1;
    assert.ok(isDropped({ component: 'cart', host: 'h1', eventName: 'cache.missed' }));
    assert.ok(isDropped({ kind: 'event', attributes: { 'http.route': '/x', n: 2001 } }));
    assert.ok(isDropped({ resource: { 'k8s.namespace.name': 'kube-system' } }));
    assert.ok(!isDropped({ component: 'cart', host: 'h2' }));
    assert.ok(!isDropped({ attributes: { n: 200 } }), 'not a number that begins so');
    assert.ok(!isDropped({ attributes: { 'http.status': 200 } }), 'not within another value');
    assert.ok(!isDropped({ kind: 'log', eventName: 'cache.missed' }));
  });

  test('count writes one record an interval and component in the place of many', async () => {
    const { take, pass, store } = world(rule('count', { text: 'tick' }));
    const at = (seconds: bigint): bigint => 1_767_225_600_000_000_000n + seconds * 1_000_000_000n;
    assert.deepEqual(take({ body: 'tick 1', timeNs: at(1n) }, 'other'), ['other']);
    take({ body: 'tick 2', timeNs: at(5n) }, { body: 'tick 9', component: 'db', timeNs: at(6n) });
    await pass(59_000);
    assert.equal(store.rows.length, 0);
    await pass(1_000);
    const [web, db] = store.rows;
    assert.equal(web?.body, '2 records counted by the rule count: tick 1');
    assert.equal(db?.body, '1 record counted by the rule count: tick 9');
    assert.deepEqual([web?.component, db?.component], ['web', 'db']);
    assert.deepEqual(JSON.parse(web?.attributes ?? ''), {
      'lastgood.rule.do': 'count',
      'lastgood.rule.first_time': '2026-01-01T00:00:01.000000000Z',
      'lastgood.rule.last_time': '2026-01-01T00:00:05.000000000Z',
      'lastgood.rule.name': 'count',
      'lastgood.rule.records': 2,
    });
    await pass(120_000);
    assert.equal(store.rows.length, 2, 'silence is not counted');
  });

  test('dedupe keeps the first of equal records and says how many followed', async () => {
    const { take, pass, written, applied } = world(rule('dedupe'));
    const uid = (id: string) => ({
      body: 'retry',
      uid: id,
      attributes: canonicalJson({ 'log.record.uid': id, peer: 'db' }),
    });
    assert.deepEqual(take(uid('1'), uid('2'), 'other'), ['retry', 'other']);
    assert.deepEqual(
      take(uid('3'), { ...uid('4'), component: 'db' }),
      ['retry'],
      'db said it once',
    );
    await pass(10_000);
    assert.deepEqual(written(), ['repeated 2 times more: retry']);
    assert.deepEqual(take(uid('5')), ['retry'], 'a new window begins with a record');
    const [status] = applied.status();
    assert.deepEqual([status?.leftOut, status?.written], [2, 1]);
  });

  test('the first rule that is about a record decides', () => {
    const rules = [rule('drop', { text: 'a' }), rule('dedupe')];
    const { take, applied } = world(...rules);
    assert.deepEqual(take('a', 'b', 'b'), ['b']);
    assert.deepEqual(
      applied.status().map(({ leftOut }) => leftOut),
      [1, 1],
    );
  });

  test('a batch that the store refused is judged anew when it comes again', () => {
    const { applied } = world(rule('dedupe'));
    const batch = batchOf([{ body: 'x' }, { body: 'x' }]);
    applied.sift(batch);
    const again = applied.sift(batch);
    assert.deepEqual(again.kept.body, ['x'], 'its first record is still wanted');
    again.commit();
    assert.equal(applied.status()[0]?.leftOut, 1);
  });

  test('what a full disk refuses is told once there is room', async () => {
    const { take, pass, store, written } = world(rule('count', { text: 't' }));
    take('t');
    store.refuse(3);
    await pass(61_000);
    assert.equal(store.rows.length, 0);
    await pass(3_000);
    assert.deepEqual(written(), ['1 record counted by the rule count: t']);
  });

  test('what was counted is told when the source ends or its rules change', async () => {
    const { take, applied, written, pass } = world(rule('count', { text: 't' }));
    take('t', 't');
    applied.replace([rule('drop', { text: 't' })]);
    await pass(1_000);
    assert.deepEqual(written(), ['2 records counted by the rule count: t']);
    applied.replace([rule('dedupe')]);
    take('t', 't');
    await applied.stop();
    assert.deepEqual(written().at(-1), 'repeated once more: t');
  });

  test('without rules a batch is handed on as it is', () => {
    const { applied } = world();
    const batch = batchOf([{ body: 'x' }]);
    assert.equal(applied.sift(batch).kept, batch);
  });
});

test('nothing goes missing: what is stored and what is told add up to what came', async () => {
  const bodies = fc.array(fc.constantFrom('a', 'b', 'noise', 'noise 2', 'tick'), { maxLength: 20 });
  const steps = fc.array(fc.record({ bodies, waitMs: fc.integer({ min: 0, max: 20_000 }) }));
  await fc.assert(
    fc.asyncProperty(steps, async (life) => {
      const rules = [
        rule('drop', { text: 'noise 2' }),
        rule('count', { text: 'tick' }),
        rule('dedupe'),
      ];
      const { take, pass, applied, store } = world(...rules);
      let [came, kept] = [0, 0];
      for (const { bodies: some, waitMs } of life) {
        came += some.length;
        kept += take(...some).length;
        await pass(waitMs);
      }
      await applied.stop();
      const told = store.rows.map(({ attributes }) => {
        const number: unknown = JSON.parse(attributes)['lastgood.rule.records'];
        return Number(number);
      });
      const status = applied.status();
      const leftOut = status.reduce((sum, each) => sum + each.leftOut, 0);
      const dropped = status[0]?.leftOut ?? 0;
      assert.equal(kept + leftOut, came);
      assert.equal(dropped + told.reduce((sum, each) => sum + each, 0), leftOut);
    }),
    { numRuns: 100 },
  );
});
