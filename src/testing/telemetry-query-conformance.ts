import assert from 'node:assert/strict';
import { unwrap } from '../base/result.ts';
import { timeNs } from '../base/time.ts';
import type { BatchRow } from '../model/record/record-batch.ts';
import type { TimelineQuery } from '../model/record/timeline-query.ts';
import type { TelemetryStore } from '../ports/telemetry-store.ts';
import { batchOf, bodies, put, sealIf, SECOND, T0, type StoreTest } from './telemetry-test-data.ts';

/** A record comes back with every field it was given. */
export const everyField =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    const row: BatchRow & { readonly observedNs: bigint } = {
      kind: 'span',
      timeNs: T0,
      observedNs: T0 + 5n,
      durationNs: 1500n,
      severity: 17,
      severityText: 'ERROR',
      component: 'checkout',
      host: 'host-1',
      service: 'checkout',
      eventName: 'exception',
      resource: '{"service.name":"checkout"}',
      source: 'otlp',
      clock: 'host-1',
      traceHigh: 0x0123456789abcdefn,
      traceLow: 0xfedcba9876543210n,
      span: 0xffffffffffffffffn,
      parentSpan: 1n,
      body: '{"a":["ü",null]}',
      bodyIsJson: true,
      attributes: '{"http.route":"/orders"}',
      position: '7',
      uid: 'u-1',
    };
    await put(store, batchOf([row]));
    await sealIf(store, sealed);
    const { records } = unwrap(await store.query({ limit: 10, order: 'newest' }));
    const { id, ...rest } = records[0] ?? assert.fail('the record is not there');
    assert.match(id, /^[0-9a-z-]+$/);
    assert.deepEqual(rest, {
      kind: 'span',
      time: '2026-09-21T14:13:20.000000007Z',
      observedTime: '2026-09-21T14:13:20.000000012Z',
      alignedTime: '2026-09-21T14:13:20.000000007Z',
      clock: { id: 'host-1', offsetNs: 0, method: 'none' },
      component: 'checkout',
      host: 'host-1',
      service: 'checkout',
      severity: 17,
      severityText: 'ERROR',
      eventName: 'exception',
      body: { a: ['ü', null] },
      traceId: '0123456789abcdeffedcba9876543210',
      spanId: 'ffffffffffffffff',
      parentSpanId: '0000000000000001',
      durationNs: 1500,
      resource: { 'service.name': 'checkout' },
      attributes: { 'http.route': '/orders' },
      source: { id: 'otlp', position: '7' },
    });
  };

/** What a record lacks is left out, except its time. */
export const absentFields =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    await put(store, batchOf([{ observedNs: -1n }]));
    await sealIf(store, sealed);
    const { records } = unwrap(await store.query({ limit: 10, order: 'oldest' }));
    const { id: _, ...rest } = records[0] ?? assert.fail('the record is not there');
    assert.deepEqual(rest, {
      kind: 'log',
      time: null,
      observedTime: '1969-12-31T23:59:59.999999999Z',
      alignedTime: '1969-12-31T23:59:59.999999999Z',
      clock: { id: '', offsetNs: 0, method: 'none' },
      severity: 0,
      resource: {},
      attributes: {},
      source: { id: 'otlp' },
    });
  };

/** Each member of a filter restricts as it says. */
export const filters =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    const at = (seconds: number): bigint => T0 + BigInt(seconds) * SECOND;
    await put(
      store,
      batchOf([
        { observedNs: at(0), timeNs: at(0), component: 'a', body: 'Zero "quoted"', severity: 9 },
        {
          observedNs: at(1),
          component: 'b',
          body: 'one',
          kind: 'span',
          traceLow: 5n,
          severity: 17,
        },
        { observedNs: at(2), timeNs: at(2), body: 'two', eventName: 'e.two', kind: 'event' },
        {
          observedNs: at(3),
          component: 'a',
          host: 'h',
          service: 's',
          source: 'audit',
          body: 'three',
          attributes: '{"k":"GRÜN \\"x\\", Item 4711 SOLD"}',
        },
      ]),
    );
    await sealIf(store, sealed);
    const wanted: readonly (readonly [Partial<TimelineQuery>, readonly string[]])[] = [
      [{}, ['Zero "quoted"', 'one', 'two', 'three']],
      [{ from: timeNs(at(1)), to: timeNs(at(3)) }, ['one', 'two']],
      [{ components: ['a'] }, ['Zero "quoted"', 'three']],
      [{ components: ['a', 'b', 'unknown'] }, ['Zero "quoted"', 'one', 'three']],
      [{ components: ['unknown'] }, []],
      [{ hosts: ['h', 'unknown'] }, ['three']],
      [{ services: ['s'] }, ['three']],
      [{ sources: ['audit'] }, ['three']],
      [{ sources: ['otlp'], components: ['a'] }, ['Zero "quoted"']],
      [{ kinds: ['span', 'event'] }, ['one', 'two']],
      [{ minSeverity: 10 }, ['one']],
      [{ eventNames: ['e.two'] }, ['two']],
      [{ traceId: '00000000000000000000000000000005' }, ['one']],
      [{ traceId: '00000000000000000000000000000006' }, []],
      [{ text: 'zero "QUOTED' }, ['Zero "quoted"']],
      [{ text: 'grün "X' }, ['three']],
      [{ text: 'item 4711 sold' }, ['three']],
      [{ text: 'item 4712 sold' }, []],
      [{ text: "no'thing%" }, []],
    ];
    for (const [query, expected] of wanted) {
      assert.deepEqual(await bodies(store, query), expected, JSON.stringify(expected));
    }
  };

/** Pages in each order bring every record once. */
export const pages =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    // Equal times, so that the order of arrival decides.
    for (const group of [2, 0, 1]) {
      const rows = [0, 1, 2].map((i) => ({
        observedNs: T0 + BigInt(group) * SECOND,
        body: `${group}.${i}`,
        component: `c${i}`,
      }));
      await put(store, batchOf(rows));
      if (group === 2) await sealIf(store, sealed);
    }
    await sealIf(store, sealed);
    const oldest = ['0.0', '0.1', '0.2', '1.0', '1.1', '1.2', '2.0', '2.1', '2.2'];
    const arrival = ['2.0', '2.1', '2.2', '0.0', '0.1', '0.2', '1.0', '1.1', '1.2'];
    assert.deepEqual(await allPages(store, 'oldest'), oldest);
    assert.deepEqual(await allPages(store, 'newest'), oldest.toReversed());
    assert.deepEqual(await allPages(store, 'arrival'), arrival);
  };

async function allPages(
  store: TelemetryStore,
  order: TimelineQuery['order'],
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const ids = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const page = unwrap(await store.query({ limit: 2, order, cursor }));
    for (const record of page.records) {
      assert.ok(!ids.has(record.id), `record ${record.id} came twice`);
      ids.add(record.id);
      seen.push(record.body);
    }
    cursor = page.nextCursor;
    if (cursor === undefined || page.records.length === 0) return seen;
    await between();
  }
}

/** A cursor goes on over a seal and over records that came later. */
export const pagesOverSeal: StoreTest = async ({ store }) => {
  const rows = [0, 1, 2, 3, 4].map((i) => ({ observedNs: T0 + BigInt(i), body: `${i}` }));
  await put(store, batchOf(rows));
  const seen = await allPages(store, 'newest', async () => {
    await put(store, batchOf([{ observedNs: T0 + SECOND, body: 'later' }]));
    unwrap(await store.seal());
  });
  assert.deepEqual(seen, ['4', '3', '2', '1', '0']);
};

/** Records are counted per bucket and severity, exactly at ragged ends. */
export const counts =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    const start = 1_790_000_000n * SECOND;
    const rows = [-11, -1, 0, 4, 10, 19, 20].map((second) => ({
      observedNs: start + BigInt(second) * SECOND,
      severity: second === 4 ? 17 : 9,
      component: second === 10 ? 'b' : 'a',
    }));
    await put(store, batchOf(rows));
    await sealIf(store, sealed);
    const density = async (query: object, bucketMs: number): Promise<string[]> =>
      unwrap(await store.density(query, bucketMs)).map(
        ({ time, severity, count }) => `${time.slice(11, 19)} ${severity} ${count}`,
      );
    const all = ['14:13:00 9 1', '14:13:10 9 1', '14:13:20 9 1', '14:13:20 17 1'];
    assert.deepEqual(await density({}, 10_000), [...all, '14:13:30 9 2', '14:13:40 9 1']);
    const ragged = { from: timeNs(start + 4n * SECOND), to: timeNs(start + 19n * SECOND) };
    assert.deepEqual(await density(ragged, 10_000), ['14:13:20 17 1', '14:13:30 9 1']);
    const within = { from: timeNs(start + SECOND), to: timeNs(start + 5n * SECOND) };
    assert.deepEqual(await density(within, 10_000), ['14:13:20 17 1']);
    const only = { components: ['a'], minSeverity: 9 };
    const hour = ['14:00:00 9 5', '14:00:00 17 1'];
    assert.deepEqual(await density(only, 3_600_000), hour);
    assert.deepEqual(await density({ kinds: ['span'] }, 3_600_000), []);
    assert.deepEqual(await density({ minSeverity: 10 }, 1), ['14:13:24 17 1']);
  };

/** What detection counts is told per bucket and component. */
export const features =
  (sealed: boolean): StoreTest =>
  async ({ store }) => {
    const at = (seconds: number): { readonly timeNs: bigint; readonly observedNs: bigint } => ({
      timeNs: T0 + BigInt(seconds) * SECOND,
      observedNs: T0 + 3600n * SECOND,
    });
    const span = (
      seconds: number,
      ms: number,
      severity = 0,
    ): BatchRow & { observedNs: bigint } => ({
      ...at(seconds),
      kind: 'span',
      source: 'otlp',
      component: 'checkout',
      durationNs: BigInt(ms) * 1_000_000n,
      severity,
    });
    await put(
      store,
      batchOf([
        { ...at(0), component: 'checkout', severity: 9 },
        { ...at(1), component: 'checkout', severity: 13 },
        { ...at(2), component: 'checkout', severity: 17 },
        { ...at(3), component: 'catalog', severity: 21 },
        { ...at(4), component: 'catalog', kind: 'event' },
      ]),
    );
    await sealIf(store, sealed);
    await put(
      store,
      batchOf([
        ...Array.from({ length: 98 }, () => span(5, 10)),
        span(5, 1000),
        span(5, 1000, 17),
        { ...at(20), kind: 'alert' },
      ]),
    );
    const [catalog, checkout, nobody, ...rest] = unwrap(await store.features({}, 10_000));
    assert.deepEqual(rest, []);
    const none = {
      logs: 0,
      warnings: 0,
      errors: 0,
      events: 0,
      alerts: 0,
      spans: 0,
      failedSpans: 0,
    };
    const time = '2026-09-21T14:13:20.000000000Z';
    assert.deepEqual(catalog, {
      ...none,
      time,
      component: 'catalog',
      logs: 1,
      errors: 1,
      events: 1,
    });
    const { spanP50Ms = 0, spanP95Ms = 0, spanP99Ms = 0, ...counted } = checkout ?? assert.fail();
    const failed = { spans: 100, failedSpans: 1 };
    const logs = { logs: 3, warnings: 1, errors: 1 };
    assert.deepEqual(counted, { ...none, time, component: 'checkout', ...logs, ...failed });
    assert.ok(Math.abs(spanP50Ms / 10 - 1) < 0.045, `${spanP50Ms} ms`);
    assert.ok(Math.abs(spanP95Ms / 10 - 1) < 0.045, `${spanP95Ms} ms`);
    assert.ok(Math.abs(spanP99Ms / 1000 - 1) < 0.045, `${spanP99Ms} ms`);
    const later = '2026-09-21T14:13:40.000000000Z';
    assert.deepEqual(nobody, { ...none, time: later, component: '', alerts: 1 });
    const only = unwrap(await store.features({ components: ['catalog'] }, 60_000));
    assert.equal(only.length, 1);
  };
