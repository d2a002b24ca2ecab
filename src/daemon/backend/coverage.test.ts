import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import {
  hostClock,
  memoryKeyring,
  openForTest,
  testFolder,
} from '../../adapters/telemetry/segments/testdata/store-fixture.ts';
import { ok } from '../../base/result.ts';
import type { Component } from '../../model/component/component.ts';
import type { BatchRow } from '../../model/record/record-batch.ts';
import { batchOf, put } from '../../testing/telemetry-test-data.ts';
import { Coverage } from './coverage.ts';

const HOUR_NS = 3_600_000_000_000n;
const NOW = hostClock.now();
const SOURCES = [
  { id: 'otlp', kind: 'otlp' },
  { id: 'audit', kind: 'file' },
  { id: 'syslog', kind: 'syslog' },
];

/** What one component with these requirements is told to lack, after these rows came. */
async function missingAfter(
  t: TestContext,
  requires: Partial<Component['requires']>,
  rows: readonly Partial<BatchRow>[],
  kind: Component['kind'] = 'application',
): Promise<readonly string[]> {
  const folder = await testFolder();
  const store = await openForTest(folder, memoryKeyring());
  t.after(async () => {
    await store.close();
    await fs.rm(folder, { recursive: true });
  });
  await put(store, batchOf(rows.map((row) => ({ component: 'shop', observedNs: NOW, ...row }))));
  const shop: Component = {
    name: 'shop',
    kind,
    dependsOn: [],
    state: [],
    health: [],
    requires: { logs: [], traces: [], events: [], withinMs: 86_400_000, ...requires },
  };
  const coverage = new Coverage({
    inventory: () => ({ components: [shop] }),
    clock: hostClock,
    startedAt: '2026-01-01T00:00:00Z',
    evidence: {
      query: (query) => store.query(query),
      status: () => Promise.resolve(ok({ sources: SOURCES })),
    },
  });
  const [view] = await coverage.list();
  return (view?.missing ?? []).filter((lack) => !/^(state|health): /.test(lack));
}

test('application logs are those of the component itself, over OTLP or from a file', async (t) => {
  const wanted = { logs: ['application'] };
  assert.deepEqual(await missingAfter(t, wanted, [{ source: 'otlp' }]), []);
  assert.deepEqual(await missingAfter(t, wanted, [{ source: 'audit' }]), []);
  const notOwn = [{ source: 'syslog' }, { component: 'other' }, { kind: 'span' as const }];
  assert.deepEqual(await missingAfter(t, wanted, notOwn), ['logs: application: none received']);
});

test('another name is a source, service, file, stream or scope, never any log', async (t) => {
  const wanted = { logs: ['audit'] };
  const lacks = ['logs: audit: none received'];
  const others = [
    { source: 'otlp', body: '"log.file.name":"audit.log"' },
    { attributes: '{"log.file.name":"audited.log"}' },
    { attributes: '{"otel.scope.name":"audit.sub"}' },
  ];
  assert.deepEqual(await missingAfter(t, wanted, others), lacks);
  const fitting: readonly Partial<BatchRow>[] = [
    { source: 'audit' },
    { service: 'audit' },
    { attributes: '{"log.file.name":"audit"}' },
    { attributes: '{"log.file.name":"audit.log","log.file.path":"/srv/audit.log"}' },
    { attributes: '{"log.iostream":"audit"}' },
    { attributes: '{"otel.scope.name":"audit"}' },
  ];
  for (const row of fitting) {
    assert.deepEqual(await missingAfter(t, wanted, [...others, row]), [], JSON.stringify(row));
  }
});

test('spans are required by the names of their service and scope, too', async (t) => {
  const span = { kind: 'span', attributes: '{"otel.scope.name":"http"}' } as const;
  const wanted = { traces: ['application', 'http', 'grpc'] };
  assert.deepEqual(await missingAfter(t, wanted, [span]), ['traces: grpc: none received']);
});

test('what a service on a machine logs is required of the machine by its name', async (t) => {
  const row = { component: 'nginx', service: 'nginx', host: 'shop', source: 'journal' };
  const wanted = { logs: ['nginx', 'journal', 'cron'] };
  const lacks = ['logs: cron: none received'];
  assert.deepEqual(await missingAfter(t, wanted, [row], 'server'), lacks);
});

test('a component that logged longer ago than it may is silent; an event has no age', async (t) => {
  const observedNs = NOW - 3n * HOUR_NS;
  const rows = [{ observedNs }, { observedNs, eventName: 'deployment.completed' }];
  const wanted = { logs: ['application'], events: ['deployment.completed'] };
  assert.deepEqual(await missingAfter(t, { ...wanted, withinMs: 4 * 3_600_000 }, rows), []);
  assert.deepEqual(await missingAfter(t, { ...wanted, withinMs: 2 * 3_600_000 }, rows), [
    'logs: application: none for over 2h',
  ]);
});
