import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex } from '../../../base/bytes.ts';
import { timeNs } from '../../../base/time.ts';
import { batchRecords } from '../../../model/record/batch-records.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import { pcapNormalizer } from './pcap-normalizer.ts';

const NOW = timeNs(1_800_000_000_000_000_000n);

/** What tcpdump and dumpcap wrote at a firewall. */
const recorded = (name: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, 'testdata', name));

/** Ids count within a batch, and cuts make more batches. */
const withoutId = ({ id: _id, ...rest }: TimelineRecord) => rest;

function normalized(bytes: Uint8Array, cuts: readonly number[] = []) {
  const normalizer = pcapNormalizer({ source: 'test', observedNs: () => NOW, resolve: () => ({}) });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  const parts = places.flatMap((place, at) =>
    normalizer.push(bytes.subarray(place, places[at + 1])),
  );
  const all = [...parts, ...normalizer.end()];
  return {
    records: all
      .flatMap((part) => (part.kind === 'batch' ? batchRecords(part.batch, 0) : []))
      .map(withoutId),
    rejects: all.flatMap((part) => (part.kind === 'reject' ? [part.reject.reason] : [])),
  };
}

/** A classic capture, little-endian, of one Ethernet frame given in hexadecimal. */
function captureOf(frame: string): Uint8Array {
  const bytes = fromHex(frame.replaceAll(/\s/g, '')) ?? assert.fail();
  const head = new DataView(new ArrayBuffer(40));
  head.setUint32(0, 0xa1b2c3d4, true);
  head.setUint32(20, 1, true);
  head.setUint32(24, 1_700_000_000, true);
  head.setUint32(32, bytes.length, true);
  head.setUint32(36, bytes.length, true);
  return concatBytes([new Uint8Array(head.buffer), bytes]);
}

describe('packet captures', () => {
  test('tcpdump: every packet with its time, ends, flags and length', () => {
    const { records, rejects } = normalized(recorded('classic.pcap'));
    assert.equal(records.length, 21);
    assert.deepEqual(rejects, []);
    assert.equal(records[0]?.time, '2026-11-20T23:23:54.624073000Z');
    assert.equal(records[0]?.kind, 'packet');
    assert.equal(records[1]?.body, '10.10.0.10:8080 > 203.0.113.2:51094 tcp SYN ACK, 74 bytes');
    assert.deepEqual(records[1]?.attributes['network.tcp.flags'], ['SYN', 'ACK']);
  });

  test('dumpcap: two interfaces by name, to the nanosecond', () => {
    const { records, rejects } = normalized(recorded('two-interfaces.pcapng'));
    assert.equal(records.length, 61);
    assert.deepEqual(rejects, []);
    const seen = new Set(records.map(({ attributes }) => attributes['network.interface.name']));
    assert.deepEqual([...seen], ['wan0', 'lan0']);
    assert.equal(records[0]?.time, '2026-11-20T23:23:54.624075984Z');
  });

  test('the same however the input is cut', () => {
    for (const name of ['classic.pcap', 'two-interfaces.pcapng']) {
      const bytes = recorded(name);
      const whole = normalized(bytes);
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
          assert.deepEqual(normalized(bytes, cuts), whole);
        }),
        { numRuns: 30 },
      );
    }
  });

  test('IPv6 behind tags of two networks, and what a router says to another', () => {
    const { records } = normalized(
      captureOf(`0000000000010000000000028100 0064 8100 00c8 86dd
        60000000 0008 2c 40 20010db8000000000000000000000001 20010db8000000000000000000000002
        3a 00 0000 00000001`),
    );
    assert.deepEqual(records[0]?.attributes, {
      'destination.address': '2001:db8::2',
      'network.io.bytes': 70,
      'network.protocol.name': 'icmpv6',
      'network.type': 'ipv6',
      'network.vlan.id': 100,
      'source.address': '2001:db8::1',
    });
    const ospf = normalized(
      captureOf(`01005e000005000000000002 0800
        4500 0018 0000 0000 01 59 0000 0a000c01 e0000005 02010000`),
    );
    assert.equal(ospf.records[0]?.body, '10.0.12.1 > 224.0.0.5 ospf, 38 bytes');
  });

  test('a capture that was cut off gives what it has and says so', () => {
    const bytes = recorded('classic.pcap');
    const { records, rejects } = normalized(bytes.subarray(0, bytes.length - 5));
    assert.equal(records.length, 20);
    assert.match(rejects.join(), /the input ends within a packet/);
  });

  test('what is no capture, and a length that cannot be, are told', () => {
    assert.match(normalized(new Uint8Array(100)).rejects.join(), /begins like no pcap/);
    const damaged = new Uint8Array(recorded('classic.pcap'));
    new DataView(damaged.buffer).setUint32(24 + 8, 0x7fffffff, true);
    assert.match(normalized(damaged).rejects.join(), /the capture is damaged, the rest is lost/);
  });
});
