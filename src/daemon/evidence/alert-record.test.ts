import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Json } from '../../base/canonical-json.ts';
import { timeNs } from '../../base/time.ts';
import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import { alertmanagerNormalizer } from '../../evidence/normalize/alert/alertmanager-normalizer.ts';
import { readAlertmanager } from '../../evidence/normalize/alert/read-alertmanager.ts';
import { printRows } from '../../testing/print-rows.ts';
import { alertRecord } from './alert-record.ts';
import { hookBatch } from './hook-record.ts';

const observedNs = timeNs(1n);
const resolve = createEntityResolver();

const sample = (name: string): Uint8Array =>
  readFileSync(new URL(`../../evidence/normalize/alert/testdata/${name}`, import.meta.url));

/** What `normalize --format alertmanager` makes of it. */
function normalized(bytes: Uint8Array) {
  const context = { source: 'alertmanager', observedNs: () => observedNs, resolve };
  const normalizer = alertmanagerNormalizer(context);
  const parts = [...normalizer.push(bytes), ...normalizer.end()];
  return parts.flatMap((part) => (part.kind === 'batch' ? printRows(part.batch) : []));
}

/** What the webhook makes of it; the inventory names these components. */
function hooked(bytes: Uint8Array, ...components: readonly string[]) {
  const document: Json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const read = readAlertmanager(document, 'alertmanager');
  assert.ok(read.ok);
  const records = read.value.map((alert) =>
    alertRecord(alert, (name) => components.includes(name)),
  );
  return printRows(hookBatch(records, observedNs, resolve));
}

const SAMPLES = [
  'webhook-2-targetdown-firing.json',
  'webhook-3-targetdown-resolved.json',
  'api-v2-alerts.json',
  'prometheus-api-v1-alerts.json',
  'grafana-webhook.json',
];

test('an alert is the same record by the webhook as by `normalize`', () => {
  for (const name of SAMPLES) {
    const rows = normalized(sample(name));
    assert.ok(rows.length > 0, name);
    assert.deepEqual(hooked(sample(name)), rows, name);
  }
});

test('an alert that names nobody is about the system that sends it, by both ways', () => {
  const bytes = Buffer.from('{"labels": {"alertname": "Watchdog"}, "status": "firing"}');
  const [row] = normalized(bytes);
  assert.equal(row?.component, 'alertmanager');
  assert.deepEqual(hooked(bytes), [row]);
});

test('what the inventory knows counts before what the alert says first', () => {
  const labels = { alertname: 'Slow', job: 'node', instance: 'db1.example.com:9100' };
  const bytes = Buffer.from(JSON.stringify({ labels, status: 'firing' }));
  assert.equal(normalized(bytes)[0]?.component, 'node');
  assert.equal(hooked(bytes, 'db1')[0]?.component, 'db1');
  assert.equal(hooked(bytes, 'db1')[0]?.host, 'db1');
});
