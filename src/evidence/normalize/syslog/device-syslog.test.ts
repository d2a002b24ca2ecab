import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { parseRfc3339, timeNs, toRfc3339 } from '../../../base/time.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { syslogNormalizer } from './syslog-normalizer.ts';

const OBSERVED = parseRfc3339('2026-11-21T12:00:00Z') ?? timeNs(0n);

function row(line: string) {
  const normalizer = syslogNormalizer({
    source: 'syslog',
    observedNs: () => OBSERVED,
    resolve: (resource) => ({
      component: String(resource['service.name'] ?? resource['host.name'] ?? ''),
      host: String(resource['host.name'] ?? ''),
      clock: `host:${String(resource['host.name'] ?? '')}`,
    }),
  });
  const parts = [...normalizer.push(utf8(line)), ...normalizer.end()];
  const [found] = parts.flatMap((part) => (part.kind === 'batch' ? printRows(part.batch) : []));
  assert.ok(found !== undefined);
  const time = found.time === undefined ? '' : toRfc3339(timeNs(found.time)).slice(0, 23);
  return { ...found, time, attributes: Object(JSON.parse(found.attributes)) };
}

const LINK = '%LINK-3-UPDOWN: Interface Gi0/1, changed state to down';

describe('syslog of network devices', () => {
  /** Header, host, time, whether its clock is kept. */
  const headers: readonly (readonly [string, string, string, string])[] = [
    ['<189>45: r1: Nov 21 10:00:00.123: ', 'r1', '2026-11-21T10:00:00.123', 'host:r1'],
    ['<189>45: r1: *Mar  1 00:00:10.123 UTC: ', 'r1', '2027-03-01T00:00:10.123', 'host:r1/unset'],
    ['<189>45: r1: .Nov 21 10:00:00.123: ', 'r1', '2026-11-21T10:00:00.123', 'host:r1/unset'],
    ['<189>: 2026 Nov 20 10:00:00 UTC: ', '', '2026-11-20T10:00:00', 'host:'],
    ['<189>2025 Nov 20 10:00:00 nx1 ', 'nx1', '2025-11-20T10:00:00', 'host:nx1'],
    ['<189>45: r1: 1w2d: ', 'r1', '', 'host:r1'],
    [
      '<189>Nov 21 10:00:00 10.0.0.1 45: Nov 21 09:59:58.1: ',
      '10.0.0.1',
      '2026-11-21T09:59:58.1',
      'host:10.0.0.1',
    ],
    [
      '<189>Nov 21 10:00:00 10.0.0.1 45: r1: Nov 21 09:59:58.1: ',
      'r1',
      '2026-11-21T09:59:58.1',
      'host:r1',
    ],
  ];
  for (const [header, host, time, clock] of headers) {
    test(`reads the header "${header}"`, () => {
      const { eventName, severity, attributes, ...found } = row(header + LINK);
      assert.deepEqual(
        [found.host, found.component, found.time.slice(0, time.length), found.clock, eventName],
        [host, host, time, clock, 'network.interface.state_changed'],
      );
      assert.deepEqual([severity, found.body], [17, LINK]);
      assert.equal(attributes['syslog.severity'], 5);
      assert.equal(attributes['clock.synchronized'], clock.endsWith('/unset') ? false : undefined);
    });
  }

  test('is of the device, whichever of its daemons wrote it down', () => {
    const found = row(
      '<28>Nov 21 10:00:00  vmx7 rpd[29]: RPD_OSPF_NBRDOWN: OSPF neighbor 192.0.2.7 (realm ' +
        'ospf-v2 ge-0/0/0.0 area 0.0.0.0) state changed from Full to Down due to InActiveTimer ()',
    );
    assert.deepEqual([found.component, found.kind], ['vmx7', 'event']);
    assert.equal(found.attributes['syslog.appname'], 'rpd');
    assert.equal(found.attributes['network.neighbor.address'], '192.0.2.7');
  });

  test("tells the same of Junos' structured messages, whose tag is their MSGID", () => {
    const found = row(
      '<28>1 2026-11-21T10:00:00Z vmx7 mgd 77 UI_COMMIT [junos@2636.1.1.1.2.29 x="y"] ' +
        "User 'maria' requested 'commit' operation (comment: none)",
    );
    assert.deepEqual([found.eventName, found.component], ['config.changed', 'vmx7']);
    assert.equal(found.attributes['change.actor'], 'maria');
  });

  test('that a relay wrapped is of its origin, and the relay is told', () => {
    for (const line of [
      '<13>Nov 21 10:00:00 relay1 <34>Nov 21 09:59:59 web1 su: failed',
      '<13>1 2026-11-21T10:00:00Z relay1 - - - - <34>1 2026-11-21T09:59:59Z web1 su - - - failed',
    ]) {
      const { host, time, severity, body, attributes } = row(line);
      assert.deepEqual(
        [host, time, severity, body],
        ['web1', '2026-11-21T09:59:59.000', 18, 'failed'],
      );
      assert.equal(attributes['syslog.relay.host'], 'relay1');
    }
  });

  test('that a program quotes is of its host, however much it looks wrapped', () => {
    const quoted =
      '<11>Nov 21 09:00:00 corerouter %LINK-3-UPDOWN: Interface Gi0/1, changed state to down';
    for (const head of [
      '<13>Nov 21 10:00:00 web1 shop: ',
      '<13>Nov 21 10:00:00 web1 shop[77]: ',
      '<13>2026-11-21T10:00:00Z web1 shop: ',
      '<13>1 2026-11-21T10:00:00Z web1 shop - - - ',
      '<13>1 2026-11-21T10:00:00Z web1 - 77 - - ',
    ]) {
      const { host, kind, severity, body, attributes } = row(`${head}${quoted}`);
      assert.deepEqual([host, kind, severity, body], ['web1', 'log', 10, quoted], head);
      assert.equal(attributes['syslog.relay.host'], undefined);
    }
  });

  test('that only looks wrapped stays as it is', () => {
    for (const body of ['<34>no stamp', '<34>Nov 21 09:59:59', '<999>Nov 21 09:59:59 web1 su: x']) {
      const found = row(`<13>Nov 21 10:00:00 relay1 ${body}`);
      assert.deepEqual([found.host, found.body], ['relay1', body]);
    }
    const quoted = row('<13>Nov 21 10:00:00 web1 app: 45: Nov 21 09:59:58.1: it rained');
    assert.deepEqual([quoted.host, quoted.time], ['web1', '2026-11-21T10:00:00.000']);
  });
});
