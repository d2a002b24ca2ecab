import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, utf8 } from '../../../base/bytes.ts';
import { parseRfc3339, timeNs } from '../../../base/time.ts';
import type { NormalizerFactory } from '../../../ports/normalizer.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { alertmanagerNormalizer } from './alertmanager-normalizer.ts';
import { nagiosNormalizer } from './nagios-normalizer.ts';

const sample = (name: string): Uint8Array =>
  readFileSync(new URL(`testdata/${name}`, import.meta.url));

const context = {
  source: 'test',
  observedNs: () => timeNs(1n),
  resolve: (resource: object) => ({
    component: String(Object(resource)['service.name'] ?? Object(resource)['host.name'] ?? ''),
  }),
};

function parts(factory: NormalizerFactory, chunks: readonly Uint8Array[]) {
  const normalizer = factory(context);
  return [...chunks.flatMap((chunk) => normalizer.push(chunk)), ...normalizer.end()];
}

/** Every record: component, severity, state and body. */
function told(factory: NormalizerFactory, ...chunks: readonly Uint8Array[]) {
  return parts(factory, chunks).flatMap((part) => {
    if (part.kind === 'reject') return [['reject', part.reject.reason]];
    return printRows(part.batch).map((row) => {
      const attributes = Object(JSON.parse(row.attributes === '' ? '{}' : row.attributes));
      return [row.component, row.severity, attributes['alert.state'], row.body];
    });
  });
}

test('reads the webhooks and the lists that Alertmanager, Prometheus and Grafana wrote', () => {
  const disk = (text: string) => [['node', 13, 'firing', text]];
  assert.deepEqual(
    told(alertmanagerNormalizer, sample('api-v2-alerts.json')),
    disk('disk low 24.71%'),
  );
  assert.deepEqual(
    told(alertmanagerNormalizer, sample('prometheus-api-v1-alerts.json')),
    disk('disk low 24.7%'),
  );
  const firing = sample('webhook-2-targetdown-firing.json');
  const resolved = sample('webhook-3-targetdown-resolved.json');
  assert.deepEqual(told(alertmanagerNormalizer, firing, utf8('\n'), resolved), [
    ['shop', 18, 'firing', 'shop at 127.0.0.1:29999 is down'],
    ['shop', 9, 'resolved', 'shop at 127.0.0.1:29999 is down'],
  ]);
  assert.deepEqual(told(alertmanagerNormalizer, sample('grafana-webhook.json')), [
    ['checkout', 18, 'firing', '5xx rate of checkout above 5 %'],
    ['payment', 18, 'firing', '5xx rate of payment above 5 %'],
  ]);
});

test('gives one alert one identity and each message about it its own uid and time', () => {
  const rows = ['firing', 'resolved'].flatMap((state, at) =>
    parts(alertmanagerNormalizer, [sample(`webhook-${at + 2}-targetdown-${state}.json`)]).flatMap(
      (part) => (part.kind === 'batch' ? printRows(part.batch) : []),
    ),
  );
  const attributes = rows.map((row) => Object(JSON.parse(row.attributes)));
  assert.equal(attributes[0]['alert.fingerprint'], attributes[1]['alert.fingerprint']);
  assert.notEqual(attributes[0]['log.record.uid'], attributes[1]['log.record.uid']);
  assert.deepEqual(
    rows.map(({ time }) => time),
    [parseRfc3339('2026-11-20T23:25:41.722Z'), parseRfc3339('2026-11-20T23:25:46.722Z')],
  );
  assert.equal(attributes[1]['alarm.is_cleared'], true);
  assert.equal(attributes[0]['alarm.perceived_severity'], 'critical');
});

test('reads calls of Nagios from their environment and from its log', () => {
  const calls = [
    'env-1-eventhandler-critical-soft-1',
    'env-4-notify-problem',
    'env-6-notify-recovery',
  ];
  assert.deepEqual(told(nagiosNormalizer, ...calls.map((name) => sample(`${name}.txt`))), [
    ['shop-lb', 18, 'pending', 'SHOP CRITICAL - 502 rate 37%'],
    ['shop-lb', 18, 'firing', 'SHOP CRITICAL - 502 rate 37%'],
    ['shop-lb', 9, 'resolved', 'SHOP OK - 502 rate 0%'],
  ]);
  assert.deepEqual(
    told(nagiosNormalizer, sample('nagios.log')).map(([component, severity]) => [
      component,
      severity,
    ]),
    [
      ['shop-lb', 18],
      ['shop-lb', 18],
      ['shop-lb', 9],
      ['shop-lb', 9],
    ],
  );
});

test('rejects what is no alert, and goes on', () => {
  const good = sample('webhook-2-targetdown-firing.json');
  const mixed = concatBytes([
    utf8('{"alerts":[{"status":"loud","labels":{}}]}\n{"a":1}\nx\n'),
    good,
  ]);
  assert.deepEqual(told(alertmanagerNormalizer, mixed), [
    ['reject', 'alerts.0.status is "loud"'],
    ['reject', 'it has no list "alerts" and no "labels"'],
    ['reject', 'it is no JSON'],
    ['shop', 18, 'firing', 'shop at 127.0.0.1:29999 is down'],
  ]);
  const lines = 'no line\n[5] SERVICE ALERT: a;b;ODD;HARD;1;x\n[5] HOST ALERT: a;DOWN;HARD;1;x\n';
  assert.deepEqual(told(nagiosNormalizer, utf8(lines)), [
    ['reject', 'it is no line of nagios.log'],
    ['reject', 'its state is not known'],
    ['a', 18, 'firing', 'x'],
  ]);
});

test('gives the same records however the input is cut', () => {
  for (const [factory, name] of [
    [alertmanagerNormalizer, 'grafana-webhook.json'],
    [alertmanagerNormalizer, 'api-v2-alerts.json'],
    [nagiosNormalizer, 'env-4-notify-problem.txt'],
    [nagiosNormalizer, 'nagios.log'],
  ] as const) {
    const bytes = sample(name);
    const whole = told(factory, bytes);
    const place = fc.nat(bytes.length);
    fc.assert(
      fc.property(place, place, (one, other) => {
        const [first = 0, second = 0] = [one, other].toSorted((a, b) => a - b);
        const cut = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)];
        assert.deepEqual(told(factory, ...cut), whole);
      }),
      { numRuns: 60 },
    );
  }
});

test('survives any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.json(), (bytes, json) => {
      for (const factory of [alertmanagerNormalizer, nagiosNormalizer]) {
        parts(factory, [bytes, utf8(`\n${json}\n`), utf8(`{"alerts":${json}}`)]);
      }
    }),
    { numRuns: 200 },
  );
});
