import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../../base/bytes.ts';
import { sliceable } from '../../../base/text-slice.ts';
import { parseRfc3339, timeNs, toRfc3339 } from '../../../base/time.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { createSyslogReader } from './syslog-reader.ts';
import { MessageRows } from './message-rows.ts';

const OBSERVED = timeNs(1_800_000_000_000_000_000n);
const resolve = (resource: Readonly<Record<string, unknown>>) => ({
  host: String(resource['host.name'] ?? ''),
  service: String(resource['service.name'] ?? ''),
});

/** The rows that messages make, or the reasons why they make none. */
function read(messages: MessageRows, texts: readonly string[], address = '192.0.2.7') {
  return texts.map((text) => {
    const into = new RecordBatchBuilder();
    const bytes = sliceable(utf8(text));
    const origin = { address, resource: { 'host.ip': [address] } };
    const reason = messages.add(bytes, 0, bytes.length, origin, OBSERVED, into);
    return reason ?? printRows(into.build());
  });
}

const fresh = (): MessageRows => new MessageRows({ source: 'syslog', resolve });

/** Parts of headers that differ in what a memory of headers could mistake. */
const header = fc
  .record({
    priority: fc.constantFrom('<13>', '<14>', '<165>', '<191>', '<192>', '<013>', '<1 >', ''),
    version: fc.constantFrom('1 ', '1 ', '1 ', '2 ', ''),
    stamp: fc.constantFrom(
      '2026-11-21T06:00:00Z',
      '2026-11-21T23:59:59.999999999Z',
      '2026-11-21T06:00:00.5+01:00',
      '2026-11-21T24:00:00Z',
      '2026-11-21T06:00:60Z',
      '2026-11-22T00:00:00.123-23:59',
      '2026-11-21T06:00:00.1234567890Z',
      '2026-11-21T06:00:00.Z',
      '1969-12-31T23:59:59.5Z',
      'Nov 21 06:00:00',
      '-',
    ),
    host: fc.constantFrom('web1', 'web2', '-', 'wé', '10.0.0.9', ''),
    app: fc.constantFrom('app', '-', 'a'.repeat(49), 'other', 'app:'),
    process: fc.constantFrom('1', '-', '2'),
    id: fc.constantFrom('ID1', '-', 'x'.repeat(33)),
    data: fc.constantFrom(
      '-',
      '[a k="v"]',
      '[a k="v"][b]',
      '[a k="v\\] "]',
      '[a k="] "]',
      '[a k="v"',
      '-x',
      '',
    ),
    text: fc.constantFrom(' hello', ' \ufeffhello', '', ' ', ' 日本', ' x] y', '\n', ' end\r\n'),
  })
  .map(
    ({ priority, version, stamp, host, app, process, id, data, text }) =>
      `${priority}${version}${stamp} ${host} ${app} ${process} ${id} ${data}${text}`,
  );

describe('syslog messages', () => {
  test('mean the same whatever came before them: memory changes nothing', () => {
    fc.assert(
      fc.property(fc.array(header, { minLength: 1, maxLength: 30 }), (texts) => {
        const remembered = fresh();
        const twice = [...texts, ...texts];
        const alone = twice.map((text) => read(fresh(), [text])[0]);
        assert.deepEqual(read(remembered, twice), alone);
      }),
      { numRuns: 200 },
    );
  });

  test('read by memory keep stamps to the nanosecond', () => {
    const messages = fresh();
    const at = (stamp: string) => `<13>1 ${stamp} web1 app - - - x`;
    read(messages, [at('2026-11-21T00:00:00Z')]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 86_399 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (second, fraction) => {
          const clock = new Date(second * 1000).toISOString().slice(11, 19);
          const stamp = `2026-11-21T${clock}.${String(fraction).padStart(9, '0')}Z`;
          const [rows] = read(messages, [at(stamp)]);
          const time = typeof rows === 'object' ? rows[0]?.time : undefined;
          assert.equal(toRfc3339(timeNs(time ?? 0n)), stamp);
          assert.equal(time, parseRfc3339(stamp));
        },
      ),
    );
  });

  test('carry the address of their sender; who names no host stands for that address', () => {
    const [named, nameless] = read(fresh(), [
      '<13>1 2026-11-21T00:00:00Z web1 app 7 ID1 - x',
      '<13>just text',
    ]);
    assert.ok(typeof named === 'object' && typeof nameless === 'object');
    assert.deepEqual(JSON.parse(named[0]?.attributes ?? ''), {
      'source.address': '192.0.2.7',
      'syslog.facility': 1,
      'syslog.msgid': 'ID1',
      'syslog.procid': '7',
      'syslog.severity': 5,
      'syslog.version': 1,
    });
    assert.equal(named[0]?.resource, '{"host.name":"web1","service.name":"app"}');
    assert.equal(nameless[0]?.resource, '{"host.ip":["192.0.2.7"]}');
  });

  test('longer than the limit are kept whole, in parts that stand for the same origin', () => {
    const rejects: string[] = [];
    const reader = createSyslogReader({
      source: 'syslog',
      resolve,
      reject: ({ reason }) => rejects.push(reason),
    });
    const stream = reader.stream({ address: '', resource: {} });
    const into = new RecordBatchBuilder();
    const text = 'word '.repeat(40_000);
    const message = `<11>1 2026-11-21T00:00:00Z web1 app 7 ID1 - ${text}end`;
    stream.push(utf8(`${message.length} ${message}`), OBSERVED, into);
    const rows = printRows(into.build());
    assert.equal(rows.map(({ body }) => body).join(''), `${text}end`);
    assert.equal(rows.length, 4);
    for (const [index, row] of rows.entries()) {
      assert.deepEqual([row.host, row.service, row.severity], ['web1', 'app', 17]);
      const attributes: unknown = JSON.parse(row.attributes);
      assert.deepEqual(Object(attributes)['lastgood.record.part'], index + 1);
    }
    assert.equal(rejects.length, 1);
    assert.match(rejects[0] ?? '', /longer than 65536 bytes/);
  });
});
