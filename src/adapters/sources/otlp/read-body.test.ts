import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { unwrap } from '../../../base/result.ts';
import { InFlight } from './in-flight.ts';
import { otlpSpecSchema } from './otlp-spec.ts';
import { unpackerOf } from './read-body.ts';

const MIB = 1024 * 1024;
const { limits } = otlpSpecSchema.parse({ port: 0 });
const PACKERS = { gzip: gzipSync, deflate: deflateSync, zstd: zstdCompressSync };

for (const [encoding, pack] of Object.entries(PACKERS)) {
  test(`a ${encoding} bomb stops at the memory there is`, async () => {
    const bomb = pack(Buffer.alloc(60 * MIB, 0x20));
    assert.ok(bomb.length < MIB);
    const inFlight = new InFlight();
    const unpack = unwrap(unpackerOf(encoding, limits));
    // Many at the same time; what all of them hold together is looked at whenever one holds more.
    const shares = Array.from({ length: 8 }, () => inFlight.enter(16 * MIB));
    const outcomes = await Promise.all(shares.map((share) => unpack(bomb, share)));
    for (const outcome of outcomes) {
      assert.equal(outcome.ok ? 'unpacked' : outcome.error.code, 'LG_INGEST_OVERLOADED');
    }
    // Stopped when the room was full, not after all of it had been unpacked.
    assert.ok(inFlight.bytes > 8 * MIB && inFlight.bytes <= 16 * MIB, `${inFlight.bytes} bytes`);
    for (const share of shares) share.release();
    assert.equal(inFlight.bytes, 0);
  });

  test(`${encoding} is undone whole, and what is none is told`, async () => {
    const text = Buffer.from('a line of a log\n'.repeat(100_000));
    const unpack = unwrap(unpackerOf(encoding, limits));
    const share = new InFlight().enter(16 * MIB);
    assert.deepEqual(Buffer.from(unwrap(await unpack(pack(text), share))), text);
    const broken = await unpack(pack(text).subarray(0, 40), share);
    assert.equal(broken.ok ? 'unpacked' : broken.error.code, 'LG_INGEST_BODY_MALFORMED');
  });
}
