import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRfc3339, toRfc3339, timeNs } from '../../../base/time.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { createLineNormalizer } from './add-line.ts';

/** Lines arrive on 3 January 2026, just before noon. */
const OBSERVED = parseRfc3339('2026-01-03T11:59:00Z') ?? timeNs(0n);

function normalize(line: string, zoneMinutes = 0) {
  const add = createLineNormalizer({
    source: 'files',
    resolve: (resource) => ({
      service: String(resource['service.name'] ?? ''),
      host: String(resource['host.name'] ?? ''),
    }),
    zoneMinutes: () => zoneMinutes,
  });
  const builder = new RecordBatchBuilder();
  const resource = { 'host.name': 'here' };
  add(line, { observedNs: OBSERVED, attributes: { 'log.file.name': 'a' }, resource }, builder);
  const [row] = printRows(builder.build());
  assert.ok(row !== undefined);
  const time = row.time === undefined ? '' : toRfc3339(timeNs(row.time));
  const attributes: Record<string, unknown> = JSON.parse(row.attributes);
  return { ...row, time, attributes };
}

describe('lines of text logs', () => {
  const stamps: readonly (readonly [line: string, time: string, severity: number])[] = [
    ['2026-01-02T01:50:33.123456789Z ERROR boom', '2026-01-02T01:50:33.123456789Z', 17],
    ['2026-01-02T01:50:33+02:00 info: started', '2026-01-01T23:50:33.000000000Z', 9],
    ['2026-01-02 01:50:33,123 WARN  o.s.w.Resolver - x', '2026-01-02T01:50:33.123000000Z', 13],
    ['[2026-01-02 01:50:33.5] [crit] db is gone', '2026-01-02T01:50:33.500000000Z', 18],
    ['2026-01-02 01:50:33.123 UTC [77] FATAL:  no', '2026-01-02T01:50:33.123000000Z', 21],
    ['2026/01/02 01:50:33 [error] 42#0: *1 connect()', '2026-01-02T01:50:33.000000000Z', 17],
    ['Dec 31 23:59:58 web1 sshd[1]: hello', '2025-12-31T23:59:58.000000000Z', 0],
    ['Jan  3 11:58:00 web1 app: ERROR late', '2026-01-03T11:58:00.000000000Z', 17],
    ['::1 - - [02/Jan/2026:01:50:33 -0100] "GET /"', '2026-01-02T02:50:33.000000000Z', 0],
    ['E0102 01:50:33.000001   1 a.go:1] x', '2026-01-02T01:50:33.000001000Z', 17],
    ['6740:M 02 Jan 2026 01:50:33.411 * ready', '2026-01-02T01:50:33.411000000Z', 0],
    ['[1767318633.626804]\t    [NEW] ipv4     2 tcp', '2026-01-02T01:50:33.626804000Z', 0],
    ['1767318633.497599 [0 127.0.0.1:44218] "get" "a"', '2026-01-02T01:50:33.497599000Z', 0],
    ['type=CWD msg=audit(1767318633.454:5): cwd="/"', '2026-01-02T01:50:33.454000000Z', 0],
    ['node=web1 type=CWD msg=audit(1767318633.454:5): x', '2026-01-02T01:50:33.454000000Z', 0],
    ['time="2026-01-02T01:50:33Z" level=warning msg=x', '2026-01-02T01:50:33.000000000Z', 13],
  ];
  for (const [line, time, severity] of stamps) {
    test(`reads the time and severity of: ${line}`, () => {
      const row = normalize(line);
      assert.deepEqual([row.time, row.severity, row.body], [time, severity, line]);
    });
  }

  test('reads stamps without a zone in the zone of the host', () => {
    assert.equal(normalize('2026-01-02 01:50:33 x', 60).time, '2026-01-02T00:50:33.000000000Z');
    assert.equal(normalize('2026-01-02 01:50:33Z x', 60).time, '2026-01-02T01:50:33.000000000Z');
    const redis = normalize('1:M 02 Jan 2026 01:50:33.411 * x', 60).time;
    assert.equal(redis, '2026-01-02T00:50:33.411000000Z');
  });

  test('takes words of speech for no severity, and impossible dates for no time', () => {
    for (const line of ['user error rate is fine', 'no errors: 0', 'The ERRORS page', 'panicked']) {
      assert.equal(normalize(line).severity, 0, line);
    }
    for (const line of ['2026-02-30 01:50:33 x', '2026-13-01T00:00:00Z', 'Foo 12 01:02:03 x', '']) {
      assert.equal(normalize(line).time, '', line);
    }
    for (const line of ['1767318633 apples', '[1767318633.5] x', '9767318633.497599 x']) {
      assert.equal(normalize(line).time, '', `a number that need not be a time: ${line}`);
    }
  });

  test('reads a line of pino', () => {
    const row = normalize(
      '{"level":50,"time":1767405033123,"pid":7,"hostname":"web1","name":"shop",' +
        '"service":"checkout",' +
        '"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174",' +
        '"err":{"type":"Error","message":"no","stack":"at x"},"msg":"refused"}',
    );
    assert.deepEqual(
      [row.time, row.severity, row.body, row.service, row.host, row.trace, row.span],
      [
        '2026-01-03T01:50:33.123000000Z',
        17,
        'refused',
        'checkout',
        'web1',
        '5b8efff798038103d269b633813fc60c',
        'eee19b7ec3c1b174',
      ],
    );
    assert.deepEqual(row.attributes, {
      'exception.message': 'no',
      'exception.stacktrace': 'at x',
      'exception.type': 'Error',
      'log.file.name': 'a',
      name: 'shop',
      pid: 7,
    });
  });

  test('reads the level and time that other loggers write', () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ['{"ts":1767405033.5,"level":"warn","msg":"zap"}', '2026-01-03T01:50:33.500000000Z', 13],
      [
        '{"timestamp":"2026-01-03T01:50:33Z","severity":"CRITICAL"}',
        '2026-01-03T01:50:33.000000000Z',
        18,
      ],
      ['{"ts":"1767405033.987","req":"GET /x"}', '2026-01-03T01:50:33.987000000Z', 0],
      ['{"Status":"died","Time":"2026-01-03T01:50:33Z"}', '2026-01-03T01:50:33.000000000Z', 0],
      ['{"MESSAGE":"x","DATE":"Jan  3 01:50:33.05"}', '2026-01-03T01:50:33.050000000Z', 0],
      ['{"time":"1767405033000000001","level":3}', '2026-01-03T01:50:33.000000001Z', 17],
      [
        '{"timestamp":"2026-01-03 01:50:33.123 UTC","error_severity":"ERROR","message":"pg"}',
        '2026-01-03T01:50:33.123000000Z',
        17,
      ],
      ['{"time":12.5,"level":"chatty"}', '', 0],
    ];
    for (const [line, time, severity] of cases) {
      const row = normalize(line);
      assert.deepEqual([row.time, row.severity], [time, severity], line);
    }
  });

  test('loses no member of a JSON line', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (members) => {
        const line = JSON.stringify(members);
        const row = normalize(line);
        const printed = JSON.stringify([row.attributes, row.body, row.resource]);
        for (const key of Object.keys(JSON.parse(line))) {
          const isKnown = /^(time|ts|level|msg|message|body|event|host|err|error|service)/i.test(
            key,
          );
          assert.ok(isKnown || key in row.attributes, printed);
        }
      }),
    );
  });

  test('makes one record of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const row = normalize(line);
        assert.ok(row.body === line || line.startsWith('{'));
      }),
    );
  });
});
