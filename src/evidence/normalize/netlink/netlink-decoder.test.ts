import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { timeNs } from '../../../base/time.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import { batchRecords } from '../../../model/record/batch-records.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { createNetlinkDecoder } from './netlink-decoder.ts';
import { addressText } from '../../../base/address-text.ts';
import { rtmonNormalizer } from './rtmon-normalizer.ts';

const NOW = timeNs(1_800_000_000_000_000_000n);

/** Components are named by their host; how they are resolved is tested elsewhere. */
const resolve: ResolveEntity = ({ 'host.name': name }) =>
  typeof name === 'string' ? { component: name } : {};

/** What real programs wrote: rtmon on a router, `ip route save`, `ip address save`. */
const recorded = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, 'testdata', name));

/** Everything a file is made of, in pieces cut at these places. */
function normalized(bytes: Uint8Array, cuts: readonly number[] = []) {
  const normalizer = rtmonNormalizer({ source: 'test', observedNs: () => NOW, resolve });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  const parts = places.flatMap((place, at) =>
    normalizer.push(bytes.subarray(place, places[at + 1])),
  );
  const all = [...parts, ...normalizer.end()];
  return {
    records: all.flatMap((part) => (part.kind === 'batch' ? batchRecords(part.batch, 0) : [])),
    rejects: all.flatMap((part) => (part.kind === 'reject' ? [part.reject.reason] : [])),
  };
}

const told = (records: readonly TimelineRecord[]): readonly string[] =>
  records.map(({ time, severity, body }) => `${time?.slice(17, 26)} ${severity} ${body as string}`);

describe('rtmon files', () => {
  test('a failover of a router: the link goes, the route moves to the backup and back', () => {
    const { records, rejects } = normalized(recorded('failover.rtmon'));
    assert.deepEqual(told(records), [
      '30.519589 17 interface ge1 went from up to down',
      '30.586139 10 route 10.10.0.0/24 via 10.0.13.2 dev ge2 was added',
      '30.667348 9 interface ge1 went from down to up',
      '31.896410 10 route 10.10.0.0/24 via 10.0.12.2 dev ge1 was changed, ' +
        'before via 10.0.13.2 dev ge2',
    ]);
    assert.deepEqual(rejects, []);
    assert.deepEqual(records[3]?.attributes, {
      'change.action': 'updated',
      'network.interface.name': 'ge1',
      'network.route.metric': 20,
      'network.route.next_hop': 'via 10.0.12.2 dev ge1',
      'network.route.prefix': '10.10.0.0/24',
      'network.route.previous_next_hop': 'via 10.0.13.2 dev ge2',
      'network.route.protocol': 'bgp',
      'network.route.table': 254,
      'network.route.type': 'unicast',
    });
  });

  test('the dump at the start is state: no event is made of it', () => {
    const { records } = normalized(recorded('changes.rtmon'));
    assert.equal(records.length, 17);
    assert.equal(records[0]?.eventName, 'network.interface.state_changed');
    assert.equal(records[0]?.attributes['network.interface.admin_state'], 'down');
    assert.equal(records[0]?.severity, 10);
    assert.ok(told(records).some((text) => /198\.51\.100\.0\/24 blackhole was added/.test(text)));
  });

  test('the same bytes make the same records however they are cut', () => {
    const bytes = recorded('changes.rtmon');
    const whole = normalized(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        assert.deepEqual(normalized(bytes, cuts), whole);
      }),
      { numRuns: 50 },
    );
  });

  test('after garbage it goes on at the next stamp, and says what it passed over', () => {
    const bytes = recorded('failover.rtmon');
    const middle = 5992;
    const broken = Buffer.concat([
      bytes.subarray(0, middle),
      Buffer.alloc(50, 0xfe),
      bytes.subarray(middle),
    ]);
    const { records, rejects } = normalized(broken);
    assert.deepEqual(told(records), told(normalized(bytes).records));
    assert.equal(rejects.length, 1);
    assert.match(rejects[0] ?? '', /no netlink message: length 4278124286/);
  });

  test('a file that ends within a message is told', () => {
    const { rejects } = normalized(recorded('failover.rtmon').subarray(0, 100));
    assert.deepEqual(rejects, ['the input ends within a message, 76 bytes after its start']);
  });

  test('nothing that stands in such a file breaks it', () => {
    const bytes = recorded('changes.rtmon');
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 12 });
    fc.assert(
      fc.property(flips, (changes) => {
        const damaged = new Uint8Array(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        for (const record of normalized(damaged).records) assert.equal(record.kind, 'event');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        normalized(noise);
      }),
    );
  });
});

describe('dumps', () => {
  const decoder = () =>
    createNetlinkDecoder({ source: 'test', resolve, resource: { 'host.name': 'r1' } });

  test('the first dump is state, a later one tells what differs', () => {
    const [subject, into] = [decoder(), new RecordBatchBuilder()];
    subject.replace('addresses', [recorded('addresses.save')], NOW, into);
    subject.replace('routes', [recorded('routes.save')], NOW, into);
    assert.equal(into.rows, 0);
    subject.replace('routes', [], NOW, into);
    subject.replace('addresses', [], NOW, into);
    const records = batchRecords(into.build(), 0);
    assert.deepEqual(
      records.map(({ body }) => body),
      [
        'default route 0.0.0.0/0 via 10.9.0.2 dev if3 was removed',
        'route 10.5.0.0/16 blackhole was removed',
        'route 10.6.0.0/16 via 10.9.0.2 dev if3, via 10.9.0.4 dev if3 was removed',
        'route 10.8.0.0/16 via 10.9.0.2 dev if3 was removed',
        'route 10.9.0.0/24 dev if3 was removed',
        'address 10.9.0.1/24 was removed from if3',
        'address fe80::7859:e6ff:fe27:ac1b/64 was removed from if2',
        'address fe80::ac37:5aff:fe08:bda3/64 was removed from if3',
      ],
    );
    for (const { time, component } of records) {
      assert.equal(time, null);
      assert.equal(component, 'r1');
    }
    assert.equal(records[0]?.severity, 17);
  });

  test('a malformed dump changes nothing and is a reject', () => {
    const [subject, into] = [decoder(), new RecordBatchBuilder()];
    const routes = recorded('routes.save');
    subject.replace('routes', [routes], NOW, into);
    const { rejects } = subject.replace('routes', [routes.subarray(0, 90)], NOW, into);
    assert.equal(rejects.length, 1);
    subject.replace('routes', [routes], NOW, into);
    assert.equal(into.rows, 0);
  });

  test('rtmon that starts again tells the links that changed and those that are gone', () => {
    const [subject, into] = [decoder(), new RecordBatchBuilder()];
    const bytes = recorded('failover.rtmon');
    const start = bytes.subarray(0, 5992);
    subject.push(start, NOW, into);
    subject.settle(NOW, into);
    assert.equal(into.rows, 0);
    subject.begin();
    // Without the last link of the dump: ge2.
    subject.push(start.subarray(0, 4492), NOW, into);
    subject.settle(NOW, into);
    const records = batchRecords(into.build(), 0);
    assert.deepEqual(
      records.map(({ body, severity }) => [body, severity]),
      [['interface ge2 was removed', 17]],
    );
  });
});

test('nothing is told of interfaces that are left out, nor of what leads only over them', () => {
  const source = { source: 'test', resolve, resource: {}, exclude: ['ge*'] };
  const [subject, into] = [createNetlinkDecoder(source), new RecordBatchBuilder()];
  subject.push(recorded('changes.rtmon'), NOW, into);
  assert.deepEqual(
    batchRecords(into.build(), 0).map(({ body }) => body),
    [
      'route 198.51.100.0/24 blackhole was added',
      'address 10.99.0.1/32 was added to lo',
      'address 10.99.0.1/32 was removed from lo',
    ],
  );
});

test('addresses are written as RFC 5952 says', () => {
  const text = (...groups: readonly number[]): string | undefined => {
    const view = new DataView(new ArrayBuffer(16));
    groups.forEach((group, at) => view.setUint16(at * 2, group));
    return addressText(view);
  };
  assert.equal(text(0, 0, 0, 0, 0, 0, 0, 0), '::');
  assert.equal(text(0, 0, 0, 0, 0, 0, 0, 1), '::1');
  assert.equal(text(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), '2001:db8::1:0:0:1');
  assert.equal(text(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), '2001:db8:0:1:1:1:1:1');
  assert.equal(text(0xfe80, 0, 0, 0, 0, 0, 0, 0), 'fe80::');
});
