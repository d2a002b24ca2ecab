import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../../base/bytes.ts';
import { parseRfc3339, timeNs, toRfc3339 } from '../../../base/time.ts';
import type { NormalizedPart } from '../../../ports/normalizer.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { syslogNormalizer } from './syslog-normalizer.ts';

const OBSERVED = parseRfc3339('2026-01-03T12:00:00Z') ?? timeNs(0n);

function normalize(...pushes: readonly (string | Uint8Array)[]): readonly NormalizedPart[] {
  const normalizer = syslogNormalizer({
    source: 'syslog',
    observedNs: () => OBSERVED,
    resolve: (resource) => ({
      host: String(resource['host.name'] ?? ''),
      service: String(resource['service.name'] ?? ''),
    }),
  });
  const bytes = (push: string | Uint8Array) => (typeof push === 'string' ? utf8(push) : push);
  return [...pushes.flatMap((push) => normalizer.push(bytes(push))), ...normalizer.end()];
}

function rows(...pushes: readonly (string | Uint8Array)[]) {
  return normalize(...pushes).flatMap((part) => {
    if (part.kind === 'reject') return [];
    return printRows(part.batch).map((row) => ({
      ...row,
      time: row.time === undefined ? '' : toRfc3339(timeNs(row.time)),
      attributes: Object(JSON.parse(row.attributes)),
    }));
  });
}

describe('syslog', () => {
  test('reads every field of RFC 5424', () => {
    const [row] = rows(
      '<165>1 2003-10-11T22:14:15.003Z web1 evntslog 8710 ID47 ' +
        '[exampleSDID@32473 iut="3" note="a \\"b\\" \\] c"] \ufeffAn application event',
    );
    assert.deepEqual(
      [row?.time, row?.severity, row?.host, row?.service, row?.body],
      ['2003-10-11T22:14:15.003000000Z', 10, 'web1', 'evntslog', 'An application event'],
    );
    assert.deepEqual(row?.attributes, {
      'syslog.facility': 20,
      'syslog.msgid': 'ID47',
      'syslog.procid': '8710',
      'syslog.severity': 5,
      'syslog.structured_data': { 'exampleSDID@32473': { iut: '3', note: 'a "b" ] c' } },
      'syslog.structured_data.original': '[exampleSDID@32473 iut="3" note="a \\"b\\" \\] c"]',
      'syslog.version': 1,
    });
  });

  const bsd: readonly (readonly [
    line: string,
    time: string,
    host: string,
    app: string,
    body: string,
  ])[] = [
    ['<34>Oct 11 22:14:15 web1 su: failed', '2025-10-11T22:14:15', 'web1', 'su', 'failed'],
    ['<34>Jan  3 11:00:00 web1 sshd[1]: x', '2026-01-03T11:00:00', 'web1', 'sshd', 'x'],
    [
      '<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!',
      '2026-02-05T17:32:18',
      '10.0.0.99',
      '',
      'Use the BFG!',
    ],
    ['<13>Mar 7 2008 19:06:53: host tag: y', '2008-03-07T19:06:53', 'host', 'tag', 'y'],
    [
      '<13>2026-01-02T03:04:05.5+01:00 web1 app[2]: z',
      '2026-01-02T02:04:05.500000000',
      'web1',
      'app',
      'z',
    ],
    ['<13>Nov 20 23:21:40 cron[7]: no host', '2025-11-20T23:21:40', '', 'cron', 'no host'],
    ['Nov 20 23:21:40 web1 a: no priority', '2025-11-20T23:21:40', 'web1', 'a', 'no priority'],
    [
      '<189>12: r1: *Mar  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: Configured',
      '2026-03-01T18:46:11.123000000',
      'r1',
      '',
      '%SYS-5-CONFIG_I: Configured',
    ],
    ['<14>no stamp at all', '', '', '', 'no stamp at all'],
  ];
  for (const [line, time, host, app, body] of bsd) {
    test(`reads ${line}`, () => {
      const [row] = rows(line);
      assert.deepEqual(
        [row?.time.slice(0, time.length), row?.host, row?.service, row?.body],
        [time, host, app, body],
      );
    });
  }

  test('cuts counted messages and lines of one stream, however it is split', () => {
    const stream = utf8('26 <13>Jan  3 11:00:00 h a: x<13>Jan  3 11:00:00 h a: y\r\n<13>z');
    const counted = utf8('29 <13>Jan  3 11:00:00 h a: x\nyz<13>after');
    for (let cut = 0; cut < counted.length; cut += 1) {
      const bodies = rows(counted.slice(0, cut), counted.slice(cut)).map(({ body }) => body);
      assert.deepEqual(bodies, ['x\nyz', 'after'], `cut at ${cut}`);
    }
    assert.equal(rows(stream).length, 3);
  });

  test('rejects what claims to be RFC 5424 and is not, with its input, and goes on', () => {
    const parts = normalize('<1>1 - - - - - [x\n<192>1 - - - - - -\n<>x\n<13>good\n');
    assert.deepEqual(
      parts.map((part) => (part.kind === 'reject' ? part.reject.input : part.batch.rows)),
      ['<1>1 - - - - - [x', '<192>1 - - - - - -', '<>x', 1],
    );
  });

  test('makes a record or a reject of any line and never loses its words', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii' }),
        fc.constantFrom('<13>', '<13>1 ', '<13>Jan  3 11:00:00 h ', ''),
        (text, lead) => {
          const line = `${lead}${text}`;
          const printed = JSON.stringify([
            normalize(line).map((part) => (part.kind === 'reject' ? part.reject.input : '')),
            rows(line),
          ]);
          for (const word of text.match(/[a-z]{4,}/gi) ?? [])
            assert.ok(printed.includes(word), printed);
        },
      ),
      { numRuns: 500 },
    );
  });
});
