import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUnixMs, toRfc3339 } from '../../../base/time.ts';
import type { EvidenceSummary } from '../../../model/evidence/evidence-summary.ts';
import {
  type BatchRow,
  type RecordBatch,
  RecordBatchBuilder,
} from '../../../model/record/record-batch.ts';
import { EvidenceMemory } from './evidence-memory.ts';

const START_MS = Date.UTC(2026, 10, 20, 14, 0, 0);
const ns = (seconds: number): bigint => fromUnixMs(START_MS + seconds * 1000);

type Row = Partial<BatchRow> & { readonly at: number };

function batchOf(rows: readonly Row[]): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const { at, ...row } of rows) {
    const time = ns(at);
    builder.add({ kind: 'log', source: 's', timeNs: time, observedNs: time, ...row });
  }
  return builder.build();
}

/** One order: gateway calls checkout, checkout calls payment; spans end child first. */
function order(
  at: number,
  id: bigint,
  payment: 'fine' | 'refused' | 'unnamed peer',
): readonly Row[] {
  const client = (to: string, port: number): string =>
    JSON.stringify({
      'server.address': '127.0.0.1',
      'server.port': port,
      ...(payment === 'unnamed peer' ? {} : { 'service.peer.name': to }),
      'span.kind': 'client',
      ...(to === 'payment' && payment === 'refused' ? { 'error.type': 'ECONNREFUSED' } : {}),
    });
  const server = JSON.stringify({ 'span.kind': 'server' });
  const bad = payment === 'refused' ? 17 : 0;
  const span = (
    n: bigint,
    parent: bigint,
    component: string,
    ms: number,
    more: Partial<Row>,
  ): Row => ({
    at,
    kind: 'span',
    component,
    span: id * 16n + n,
    parentSpan: parent === 0n ? 0n : id * 16n + parent,
    durationNs: BigInt(ms) * 1_000_000n,
    ...more,
  });
  return [
    ...(payment === 'refused'
      ? []
      : [span(5n, 4n, 'payment', 2, { body: 'POST /charge', attributes: server })]),
    span(4n, 3n, 'checkout', 3, {
      body: 'POST',
      attributes: client('payment', 4003),
      severity: bad,
    }),
    span(3n, 2n, 'checkout', 5, { body: 'POST /orders', attributes: server, severity: bad }),
    span(2n, 1n, 'gateway', 6, {
      body: 'POST',
      attributes: client('checkout', 4002),
      severity: bad,
    }),
    span(1n, 0n, 'gateway', 9, { body: 'POST /orders', attributes: server, severity: bad }),
  ];
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

function operation(summary: EvidenceSummary, component: string): string {
  return summary.operations
    .filter((one) => one.component === component)
    .map(
      ({ operation: name, before, during }) =>
        `${name}: ${before.errors}/${before.calls} -> ${during.errors}/${during.calls}`,
    )
    .join('; ');
}

function edges(summary: EvidenceSummary): readonly string[] {
  return summary.edges
    .map(
      ({ from, to, before, during }) =>
        `${from}>${to} calls ` +
        `${before.errors}/${before.calls} -> ${during.errors}/${during.calls} ` +
        `refused ${during.refused} served ${before.served} -> ${during.served}`,
    )
    .toSorted();
}

test('requests, calls and refusals are counted before and during an incident', () => {
  const memory = new EvidenceMemory();
  for (const second of range(60)) {
    memory.observe(batchOf(order(second, BigInt(second + 1), 'fine')), ns(second + 1));
  }
  for (const second of range(20)) {
    const at = 60 + second;
    memory.observe(batchOf(order(at, BigInt(at + 1), 'refused')), ns(at + 1));
  }
  const summary = memory.summary({ fromNs: ns(60), toNs: ns(79) });
  assert.equal(operation(summary, 'checkout'), 'POST /orders: 0/60 -> 20/20');
  assert.equal(operation(summary, 'payment'), 'POST /charge: 0/60 -> 0/0');
  assert.deepEqual(edges(summary), [
    'checkout>payment calls 0/60 -> 20/20 refused 20 served 0 -> 0',
    'gateway>checkout calls 0/60 -> 20/20 refused 0 served 0 -> 0',
  ]);
  const payment = summary.presence.find(({ component }) => component === 'payment');
  assert.equal(payment?.activeBefore, 1);
  assert.equal(payment?.silentMs, 20_000);
  assert.equal(payment?.lastSeenAt, toRfc3339(fromUnixMs(START_MS + 59_000)));
  const first = summary.operations.find(({ component }) => component === 'gateway')?.firstErrorAt;
  assert.equal(first, toRfc3339(fromUnixMs(START_MS + 60_000)));
  const last = summary.edges.find(({ to }) => to === 'payment')?.lastErrorAt;
  assert.equal(last, toRfc3339(fromUnixMs(START_MS + 78_000)));
});

test('a peer nobody names is learned from the spans it sent, in any order of arrival', () => {
  const rows = range(30).flatMap((second) => order(second, BigInt(second + 1), 'unnamed peer'));
  for (const arrival of [rows, rows.toReversed()]) {
    const memory = new EvidenceMemory();
    memory.observe(batchOf(arrival), ns(31));
    const names = memory
      .summary({ fromNs: ns(0), toNs: ns(30) })
      .edges.map(({ from, to }) => `${from}>${to}`);
    assert.deepEqual(names.toSorted(), ['checkout>payment', 'gateway>checkout']);
  }
  const memory = new EvidenceMemory();
  memory.observe(batchOf(rows), ns(31));
  const message = 'POST http://127.0.0.1:4003/charge got no answer: ECONNREFUSED';
  memory.observe(batchOf([{ at: 40, component: 'checkout', severity: 17, body: message }]), ns(41));
  const { refusals } = memory.summary({ fromNs: ns(35), toNs: ns(45) });
  assert.deepEqual(
    refusals.map(({ component, target, count }) => ({ component, target, count })),
    [{ component: 'checkout', target: 'payment', count: 1 }],
  );
});

test('own time is the time a component did not spend on calls it made', () => {
  const memory = new EvidenceMemory();
  memory.observe(batchOf(range(10).flatMap((i) => order(i, BigInt(i + 1), 'fine'))), ns(11));
  const { operations } = memory.summary({ fromNs: ns(0), toNs: ns(10) });
  const own = Object.fromEntries(
    operations.map(({ component, during }) => [component, during.totalMs]),
  );
  assert.deepEqual(own, { gateway: 30, checkout: 20, payment: 20 });
});

test('error messages are counted by what stays the same in them', () => {
  const memory = new EvidenceMemory();
  const failed = (at: number, body: string): Row => ({
    at,
    component: 'payment',
    severity: 17,
    body,
    attributes: JSON.stringify({ 'exception.type': 'ServiceError' }),
  });
  memory.observe(
    batchOf([
      failed(10, 'order 17: the amount 120000 is over the limit amountMax 100000'),
      failed(11, 'order 18: the amount 130000 is over the limit amountMax 100000'),
    ]),
    ns(12),
  );
  const { logs } = memory.summary({ fromNs: ns(5), toNs: ns(20) });
  assert.deepEqual(
    logs.map(({ key, before, during }) => ({ key, before, during })),
    [{ key: 'ServiceError: order <*> the amount <*> is over the', before: 0, during: 2 }],
  );
});

test('what went on while a trigger fired never becomes part of what is normal', () => {
  const memory = new EvidenceMemory({ bucketMs: 1_000, buckets: 10 });
  const failed = (at: number): Row => ({ at, component: 'a', severity: 17, body: 'boom' });
  memory.observe(batchOf([failed(0)]), ns(1));
  memory.freeze(true);
  for (const second of range(30)) memory.observe(batchOf([failed(15 + second)]), ns(16 + second));
  const { logs } = memory.summary({ fromNs: ns(36), toNs: ns(44) });
  assert.equal(logs[0]?.before, 1);
  assert.equal(logs[0]?.during, 9);
});

test('earlier trouble is no part of the baseline of a later incident', () => {
  const memory = new EvidenceMemory({ bucketMs: 1_000, buckets: 100 });
  const failed = (at: number): Row => ({ at, component: 'a', severity: 17, body: 'boom' });
  memory.observe(batchOf([failed(2)]), ns(3));
  memory.freeze(true);
  for (const second of range(10)) memory.observe(batchOf([failed(30 + second)]), ns(30 + second));
  memory.freeze(false);
  memory.observe(batchOf([failed(70)]), ns(71));
  const { logs } = memory.summary({ fromNs: ns(65), toNs: ns(71) });
  assert.deepEqual([logs[0]?.before, logs[0]?.during], [1, 1]);
});

test('a sender that invents names fills no memory, and the summary says it is incomplete', () => {
  const memory = new EvidenceMemory({ bucketMs: 1_000, buckets: 4 });
  const rows = range(3_000).map((i) => ({
    at: 1,
    component: `c${i}`,
    kind: 'span' as const,
    body: `GET /${i}`,
  }));
  memory.observe(batchOf(rows), ns(2));
  const summary = memory.summary({ fromNs: ns(0), toNs: ns(2) });
  assert.equal(summary.presence.length, 500);
  assert.ok(summary.dropped >= 2_000, String(summary.dropped));
});

test('deployments and changes are kept apart from a flood of other events', () => {
  const memory = new EvidenceMemory();
  const event = (at: number, eventName: string): Row => ({
    at,
    kind: 'event',
    component: 'r1',
    eventName,
    body: eventName,
  });
  memory.observe(
    batchOf([
      event(1, 'deployment.completed'),
      ...range(500).map((i) => event(2 + i / 100, 'network.route.changed')),
    ]),
    ns(10),
  );
  const { events } = memory.summary({ fromNs: ns(5), toNs: ns(10), baselineFromNs: ns(0) });
  assert.equal(events[0]?.eventName, 'deployment.completed');
  assert.equal(events.length, 6);
});

test('what ran short, and what recovered, is remembered for diagnosis', () => {
  const memory = new EvidenceMemory();
  const names = ['filesystem.threshold_crossed', 'filesystem.threshold_cleared', 'disk.looked_at'];
  memory.observe(
    batchOf(
      names.map((eventName, i) => ({ at: 1 + i, kind: 'event', component: 'web1', eventName })),
    ),
    ns(10),
  );
  const { events } = memory.summary({ fromNs: ns(5), toNs: ns(10), baselineFromNs: ns(0) });
  assert.deepEqual(
    events.map(({ eventName }) => eventName),
    names.slice(0, 2),
  );
});

test('property: nothing is counted below zero or twice, whatever arrives', () => {
  const anyRow = fc.record({
    at: fc.integer({ min: 0, max: 100 }),
    kind: fc.constantFrom('log' as const, 'span' as const, 'event' as const),
    component: fc.constantFrom('a', 'b', ''),
    severity: fc.constantFrom(0, 17),
    body: fc.string({ maxLength: 20 }),
    span: fc.bigInt({ min: 0n, max: 5n }),
    parentSpan: fc.bigInt({ min: 0n, max: 5n }),
    durationNs: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined }),
    attributes: fc.constantFrom(
      '',
      '{"span.kind":"client","peer.service":"b"}',
      '{"span.kind":"server"}',
    ),
  });
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 80 }), (rows) => {
      const memory = new EvidenceMemory();
      memory.observe(batchOf(rows), ns(101));
      const summary = memory.summary({ fromNs: ns(50), toNs: ns(101) });
      const counted = summary.presence.reduce(
        (sum, one) => sum + one.recordsBefore + one.recordsDuring,
        0,
      );
      assert.equal(counted, rows.length);
      for (const { before, during } of summary.operations) {
        for (const one of [before, during]) assert.ok(one.errors >= 0 && one.errors <= one.calls);
      }
    }),
  );
});
