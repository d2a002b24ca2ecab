import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../base/canonical-json.ts';
import type { TimelineRecord } from '../../model/record/timeline-record.ts';
import { outsideEffects } from './outside-effects.ts';

function span(component: string, attributes: JsonObject, body = 'POST'): TimelineRecord {
  return {
    id: '1',
    kind: 'span',
    time: null,
    observedTime: '',
    alignedTime: '',
    clock: { id: '', offsetNs: 0, method: 'none' },
    component,
    severity: 0,
    body,
    resource: {},
    attributes: { 'span.kind': 'client', ...attributes },
    source: { id: 'otlp' },
  };
}

test('calls that change something outside are counted by who called whom', () => {
  const spans = [
    span('checkout', { 'server.address': 'api.pay.example' }, 'POST /charges'),
    span('checkout', { 'url.full': 'https://API.pay.example/charges', 'http.method': 'POST' }),
    span('mail', { 'net.peer.name': '203.0.113.9' }, 'smtp send'),
  ];
  const { calls, hosts } = outsideEffects(spans, new Set(), false);
  assert.equal(calls, 3);
  assert.deepEqual(hosts, [
    { component: 'checkout', host: 'api.pay.example', calls: 2, example: 'POST /charges' },
    { component: 'mail', host: '203.0.113.9', calls: 1, example: 'smtp send' },
  ]);
});

test('what only asks, a database, a known host and a near one are no effects outside', () => {
  const pay = { 'server.address': 'api.pay.example' };
  const spans = [
    span('a', { ...pay, 'http.request.method': 'GET' }),
    span('a', { ...pay, 'db.system': 'postgresql' }),
    span('a', { ...pay, 'span.kind': 'server' }),
    span('a', { 'server.address': 'shop.example' }),
    ...['localhost', '127.0.0.1', '10.1.2.3', '172.20.0.1', 'fd00::1', 'redis'].map((host) =>
      span('a', { 'server.address': host }),
    ),
    span('a', {}),
  ];
  assert.equal(outsideEffects(spans, new Set(['shop.example']), false).calls, 0);
});
