import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { canonicalJson } from '../../../base/canonical-json.ts';
import { utf8 } from '../../../base/bytes.ts';
import { unwrap } from '../../../base/result.ts';
import { timeNs } from '../../../base/time.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { GROUPS_MAX, ROWS_MAX } from './decoding.ts';
import { encodeParsed, NODES_MAX } from './encode-json.ts';
import { createOtlpDecoder } from './otlp-decoder.ts';
import type { MessageName } from './otlp-schema.ts';

const NOW = timeNs(1_800_000_000_000_000_000n);

/** One for all tests: what one body leaves behind must not change what the next one means. */
const decoder = createOtlpDecoder({
  source: 'otlp',
  resolve: (resource) => ({ component: String(resource['service.name'] ?? '') }),
});

const decode = (signal: OtlpSignal, body: Uint8Array) =>
  decoder.decode(signal, 'protobuf', body, NOW);

const logs = (logRecords: readonly unknown[], resource: unknown = {}): Uint8Array =>
  encodeParsed('LogsRequest', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });

const text = (stringValue: string) => ({ stringValue });

const sample: Readonly<Record<OtlpSignal, readonly [MessageName, unknown]>> = {
  logs: [
    'LogsRequest',
    {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: text('checkout') }] },
          scopeLogs: [
            {
              scope: { name: 'shop', attributes: [{ key: 'tier', value: { intValue: 1 } }] },
              logRecords: [
                {
                  timeUnixNano: '1795217155824000000',
                  severityNumber: 9,
                  severityText: 'INFO',
                  body: { kvlistValue: { values: [{ key: 'a', value: { doubleValue: 1.5 } }] } },
                  attributes: [{ key: 'order', value: { intValue: '9007199254740993' } }],
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  traces: [
    'TracesRequest',
    {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                  name: 'GET /',
                  kind: 2,
                  startTimeUnixNano: '1795217155824000000',
                  endTimeUnixNano: '1795217155825000000',
                  events: [{ name: 'exception', timeUnixNano: '1795217155824500000' }],
                  links: [{ traceId: '5b8efff798038103d269b633813fc60c' }],
                  status: { code: 2, message: 'no' },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  metrics: [
    'MetricsRequest',
    {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'latency',
                  histogram: {
                    aggregationTemporality: 2,
                    dataPoints: [{ count: 3, bucketCounts: [1, 2], explicitBounds: [0.5], sum: 2 }],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

describe('OTLP decoding', () => {
  test('keeps every attribute of any value as canonical JSON', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }).map((stringValue) => ({ stringValue })),
        fc.boolean().map((boolValue) => ({ boolValue })),
        fc.maxSafeInteger().map((intValue) => ({ intValue })),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
        fc.array(tie('any'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('any'), { maxKeys: 3 }).map((members) => ({
          kvlistValue: {
            values: Object.entries(members).map(([key, member]) => ({ key, value: member })),
          },
        })),
      ),
    })).any;
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), value, { maxKeys: 8 }), {
          maxLength: 4,
        }),
        (records) => {
          const body = logs(
            records.map((record) => ({
              attributes: Object.entries(record).map(([key, member]) => ({ key, value: member })),
            })),
          );
          const rows = printRows(unwrap(decode('logs', body)).batch);
          assert.deepEqual(
            rows.map(({ attributes }) => attributes),
            records.map((record) => {
              const members = Object.entries(record).map(([key, member]) => [key, plain(member)]);
              return members.length === 0 ? '' : canonicalJson(Object.fromEntries(members));
            }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('answers every truncation and every flipped bit, and says where a body is malformed', () => {
    for (const signal of ['logs', 'traces', 'metrics'] as const) {
      const body = encodeParsed(...sample[signal]);
      assert.ok(decode(signal, body).ok);
      for (let length = 1; length < body.length; length += 1) {
        const result = decode(signal, body.subarray(0, length));
        assert.ok(!result.ok, `${signal} cut to ${length} bytes`);
        assert.equal(result.error.code, 'LG_INGEST_BODY_MALFORMED');
        assert.match(result.error.message, /at byte \d+:/);
      }
      for (let bit = 0; bit < body.length * 8; bit += 1) {
        const flipped = body.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const result = decode(signal, flipped);
        assert.ok(result.ok || result.error.code === 'LG_INGEST_BODY_MALFORMED');
      }
    }
  });

  test('never hangs or breaks on random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('logs', 'traces', 'metrics'),
        (body, signal) => {
          const result = decode(
            signal === 'logs' ? 'logs' : signal === 'traces' ? 'traces' : 'metrics',
            body,
          );
          assert.ok(result.ok || result.error.code.startsWith('LG_INGEST_'));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('takes all records of a request but the one that nests too deep', () => {
    let deep: unknown = { stringValue: 'bottom' };
    for (let level = 0; level < 35; level += 1) deep = { arrayValue: { values: [deep] } };
    const result = unwrap(
      decode('logs', logs([{ body: text('a') }, { body: deep }, { body: text('b') }])),
    );
    assert.deepEqual(
      printRows(result.batch).map(({ body }) => body),
      ['a', 'b'],
    );
    assert.equal(result.rejected, 1);
    assert.match(result.rejects[0]?.reason ?? '', /deeper than 32/);
  });

  test('refuses a small body that stands for more records than a request may bring', () => {
    const writer = new BinaryWriter();
    writer.tag(1, 2).fork().tag(2, 2).fork();
    for (let row = 0; row <= ROWS_MAX; row += 1) writer.tag(2, 2).uint32(0);
    const result = decode('logs', writer.join().join().finish());
    assert.ok(!result.ok && result.error.code === 'LG_INGEST_BODY_TOO_LARGE');
  });

  test('refuses a small body of more resources or scopes than a request may bring', () => {
    for (const parts of [1, 2]) {
      const writer = new BinaryWriter();
      for (let group = 0; group <= GROUPS_MAX; group += 1) {
        const resource = writer.tag(1, 2).fork();
        if (parts === 2) resource.tag(2, 2).uint32(0);
        resource.join();
      }
      const result = decode('logs', writer.finish());
      assert.ok(!result.ok && result.error.code === 'LG_INGEST_BODY_TOO_LARGE');
    }
  });

  test('refuses a body whose scope unfolds to more text than a request may bring', () => {
    const scope = { name: 'n'.repeat(100_000) };
    const logRecords = Array.from({ length: 2000 }, () => ({}));
    const body = encodeParsed('LogsRequest', {
      resourceLogs: [{ scopeLogs: [{ scope, logRecords }] }],
    });
    const result = decode('logs', body);
    assert.ok(!result.ok && result.error.code === 'LG_INGEST_BODY_TOO_LARGE');
  });

  test('finds the resource also when it stands behind the records', () => {
    const group = new BinaryWriter().tag(2, 2).fork();
    group.tag(2, 2).fork().tag(5, 2).fork().tag(1, 2).string('late').join().join().join();
    group.tag(1, 2).fork().tag(1, 2).fork().tag(1, 2).string('service.name');
    group.tag(2, 2).fork().tag(1, 2).string('pay').join().join().join();
    const body = new BinaryWriter().tag(1, 2).bytes(group.finish()).finish();
    const [row] = printRows(unwrap(decode('logs', body)).batch);
    assert.deepEqual([row?.body, row?.component], ['late', 'pay']);
  });

  test('keeps a log whose trace id has a wrong length, rejects such a span', () => {
    const log = unwrap(decode('logs', logs([{ traceId: 'abcd', body: text('kept') }])));
    assert.equal(printRows(log.batch)[0]?.trace, '0'.repeat(32));
    const spans = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'abcd' }] }] }] };
    const span = unwrap(decode('traces', encodeParsed('TracesRequest', spans)));
    assert.equal(span.batch.rows, 0);
    assert.equal(span.rejected, 1);
  });

  test('keeps 64-bit integers that a double cannot hold as digits', () => {
    const [row] = printRows(unwrap(decode('logs', encodeParsed(...sample.logs))).batch);
    assert.equal(JSON.parse(row?.attributes ?? '')['order'], '9007199254740993');
  });

  test('takes the uid and the event name from their attributes', () => {
    const attributes = [
      { key: 'log.record.uid', value: text('01JD') },
      { key: 'event.name', value: text('deployment.completed') },
    ];
    const [row] = printRows(unwrap(decode('logs', logs([{ attributes }]))).batch);
    assert.deepEqual(
      [row?.uid, row?.eventName, row?.kind],
      ['01JD', 'deployment.completed', 'event'],
    );
    assert.equal(JSON.parse(row?.attributes ?? '')['log.record.uid'], '01JD');
  });

  test('says at which byte a JSON body stops being JSON, without quoting it', () => {
    const body = utf8('{"resourceLogs": [ {"schemaUrl": "secret" ] }');
    const result = decoder.decode('logs', 'json', body, NOW);
    assert.ok(!result.ok);
    assert.match(result.error.message, /byte 42/);
    assert.doesNotMatch(result.error.message, /secret/);
  });

  test('names the member of a JSON body that has a wrong type', () => {
    const body = utf8('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":5}]}]}]}');
    const result = decoder.decode('logs', 'json', body, NOW);
    assert.ok(!result.ok);
    assert.match(
      result.error.message,
      /\$\.resourceLogs\[0\]\.scopeLogs\[0\]\.logRecords\[0\]\.traceId/,
    );
  });

  test('refuses JSON of more objects than a request may bring before any of them is made', () => {
    const body = utf8(`{"resourceLogs":[${'{},'.repeat(NODES_MAX)}{}]}`);
    const refused = decoder.decode('logs', 'json', body, NOW);
    assert.ok(!refused.ok && refused.error.code === 'LG_INGEST_BODY_TOO_LARGE');
    assert.match(refused.error.message, /more than 1200000 objects and lists/);
  });

  test('ignores unknown members of JSON and reads enumerations by name', () => {
    const body = utf8(
      '{"new":1,"resourceLogs":[{"scopeLogs":[{"logRecords":[' +
        '{"severityNumber":"SEVERITY_NUMBER_WARN2","futureField":[{}],"body":null}]}]}]}',
    );
    const [row] = printRows(unwrap(decoder.decode('logs', 'json', body, NOW)).batch);
    assert.equal(row?.severity, 14);
  });
});

/** What an AnyValue of OTLP/JSON stands for. */
function plain(value: unknown): unknown {
  const any = Object(value);
  if ('arrayValue' in any) return any.arrayValue.values.map(plain);
  if ('kvlistValue' in any) {
    const pairs = any.kvlistValue.values.map((pair: { key: string; value: unknown }) => [
      pair.key,
      plain(pair.value),
    ]);
    return Object.fromEntries(pairs);
  }
  if ('doubleValue' in any) return any.doubleValue === 0 ? 0 : any.doubleValue;
  return any.stringValue ?? any.boolValue ?? any.intValue ?? null;
}
