import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../../base/bytes.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import { printRows } from '../../../testing/print-rows.ts';
import type { Normalized } from '../../../ports/normalizer.ts';
import { kmsgNormalizer, liveKmsgNormalizer } from './kmsg-normalizer.ts';

/** What was made of bytes that came in pieces of these sizes. */
function parts(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): Normalized {
  const normalizer = kmsgNormalizer({
    source: 'kmsg',
    observedNs: () => timeNs(1n),
    resolve: (resource) => ({ service: String(resource['service.name'] ?? '') }),
    zoneMinutes: () => 60,
  });
  const made: Normalized[number][] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    made.push(...normalizer.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...made, ...normalizer.end()];
}

/** Rows and rejects, with nothing of how they were batched. */
function told(bytes: Uint8Array, sizes?: readonly number[]): readonly object[] {
  return parts(bytes, sizes).flatMap((part): readonly object[] =>
    part.kind === 'reject' ? [{ reject: part.reject.input }] : printRows(part.batch),
  );
}

function rows(text: string) {
  return parts(utf8(text)).flatMap((part) => {
    assert.ok(part.kind === 'batch', part.kind === 'reject' ? part.reject.input : '');
    return printRows(part.batch).map((row) => ({
      ...row,
      time: row.time === undefined ? '' : toRfc3339(timeNs(row.time)),
    }));
  });
}

const MEMORY =
  '6,449,1365243231,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,' +
  'mems_allowed=0,oom_memcg=/system.slice/web.service,task_memcg=/system.slice/web.service,' +
  'task=python3,pid=13476,uid=0\n' +
  '3,450,1365243264,-;Memory cgroup out of memory: Killed process 13476 (python3) total-vm:2kB';

describe("the kernel's log", () => {
  test('what a machine really wrote when memory ran out is an event, and has no time', () => {
    const real = rows(readFileSync(join(import.meta.dirname, 'testdata/oom.kmsg'), 'utf8'));
    const [, , killed] = real;
    assert.ok(killed !== undefined && real.length === 3);
    assert.deepEqual([killed.eventName, killed.severity], ['process.oom_killed', 18]);
    assert.deepEqual(JSON.parse(killed.attributes), {
      _SOURCE_MONOTONIC_TIMESTAMP: '1365243264',
      'process.executable.name': 'python3',
      'process.linux.cgroup': '/lgd',
      'process.pid': '13476',
      'syslog.facility': 0,
      'syslog.severity': 3,
    });
    assert.deepEqual(
      real.map(({ time }) => time),
      ['', '', ''],
    );
  });

  test('a process that was killed is told of the unit whose control group it was in', () => {
    assert.deepEqual(
      rows(MEMORY).map(({ service, eventName }) => [service, eventName]),
      [
        ['kernel', ''],
        ['web', 'process.oom_killed'],
      ],
    );
  });

  test('uptime becomes time by what auditing stamped, before it too, until a suspend', () => {
    const text = [
      '[    0.100000] Linux version 6.1',
      '[    0.127942] audit: type=2000 audit(1794959611.759:1): state=initialized',
      '[   10.127942] later',
      '[   20.000000] PM: suspend exit',
      '[   20.500000] unknown',
      '[   21.000000] audit: type=1400 audit(1794963300.000:2): a',
      '[   22.000000] known again',
    ].join('\n');
    assert.deepEqual(
      rows(text).map(({ time }) => time.slice(11, 23)),
      ['23:53:31.731', '23:53:31.759', '23:53:41.759', '', '', '00:55:00.000', '00:55:01.000'],
    );
  });

  test("the board's clock tells whole seconds: the middle of one is meant", () => {
    const text =
      '[    1.000000] rtc_cmos 00:00: setting system clock to 2026-11-20T23:07:49 UTC (1795216069)';
    assert.equal(rows(text)[0]?.time, '2026-11-20T23:07:49.500000000Z');
  });

  test('every form in which dmesg writes a time gives the same message', () => {
    const message = 'web[7]: segfault at 0 ip 0 sp 0 error 4 in web';
    const at = '2026-11-20T23:30:34';
    const forms: readonly (readonly [string, string])[] = [
      [`3,450,1365243264,-,caller=T1;${message}`, ''],
      [`[ 1365.243264] ${message}`, ''],
      [`kern  :err   : [ 1365.243264] ${message}`, ''],
      [`kern  :err   : ${at},243264+00:00 ${message}`, `${at}.243264000Z`],
      [`${at},243264+00:00 ${message}`, `${at}.243264000Z`],
      // The zone of the host is an hour east.
      [`[Sat Nov 21 00:30:34 2026] ${message}`, `${at}.000000000Z`],
      [JSON.stringify({ dmesg: [{ pri: 3, time: 1365.243264, msg: message }] }), ''],
      [
        JSON.stringify({ dmesg: [{ fac: 'kern', pri: 'err', time: 1, msg: message }] }, null, 3),
        '',
      ],
    ];
    for (const [form, time] of forms) {
      const [row, more] = rows(form);
      assert.deepEqual(
        [row?.body, row?.time, row?.eventName, more],
        [message, time, 'process.crashed', undefined],
      );
    }
  });

  test('what somebody else wrote into it is believed to be no event', () => {
    const [row] = rows('11,5,7,-;Out of memory: Killed process 1 (init) total-vm:1kB');
    assert.deepEqual([row?.eventName, row?.service, row?.severity], ['', '', 17]);
  });

  test('what stands under a message is of it, escapes are the bytes that they stand for', () => {
    const [row, more] = rows(
      '6,196,164070,-;a\\x5c\\xc3\\xa9\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A08:00\n\n',
    );
    assert.equal(more, undefined);
    assert.equal(row?.body, 'a\\é');
    assert.match(row.attributes, /"_KERNEL_DEVICE":"\+acpi:PNP0A08:00","_KERNEL_SUBSYSTEM":"acpi"/);
  });

  test('live, each message comes at once, of this host, dated by whoever knows both clocks', () => {
    const normalizer = liveKmsgNormalizer(
      {
        source: 'kernel',
        observedNs: () => timeNs(9_000_000n),
        resolve: (resource) => ({ host: String(resource['host.name']) }),
      },
      { resource: { 'host.name': 'web1' }, at: (uptimeUs) => timeNs(uptimeUs * 1_000n + 1n) },
    );
    const pushed = ['6,449,7,-;one\n SUBSYSTEM=usb\n', '3,450,9,-;two\n'].map((text) =>
      normalizer.push(utf8(text)).flatMap((part) => {
        assert.ok(part.kind === 'batch');
        const { batch } = part;
        return printRows(batch).map(({ body, host, time }, i) => [
          [body, host, time],
          batch.position[i],
        ]);
      }),
    );
    assert.deepEqual(pushed, [
      [[['one', 'web1', 7_001n], '449']],
      [[['two', 'web1', 9_001n], '450']],
    ]);
  });

  test('the same bytes give the same records however they are cut, and no line is lost', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '6,1,5,-;a',
        ' SUBSYSTEM=x',
        '[    0.1] no',
        'noise',
        '[    0.127942] audit: type=2000 audit(1794959611.759:1): a',
        '[   20.000000] PM: suspend exit',
      ),
      fc.string({ unit: 'binary' }).filter((text) => !/[\n\r]/.test(text) && text.trim() !== ''),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), sizes, (lines, cuts) => {
        const bytes = utf8(lines.join('\n'));
        const whole = told(bytes);
        assert.deepEqual(told(bytes, cuts), whole);
        const under = lines.filter((line) => line.startsWith(' ')).length;
        if (!lines[0]?.startsWith('{')) assert.ok(whole.length >= lines.length - under);
      }),
    );
  });
});
