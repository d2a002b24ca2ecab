import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../../base/bytes.ts';
import { decodeMessage, encodeMessage } from './bus-message.ts';
import { FRAME_BYTES_MAX, frameOf, FrameReader } from './frame-reader.ts';

test('messages come out as they went in, however the stream cuts them', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(messages, cuts, (sent, sizes) => {
      const stream = concatBytes(sent.map(frameOf));
      const reader = new FrameReader();
      const received: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        received.push(...reader.push(stream.subarray(at, at + size)));
        at += size;
      }
      assert.deepEqual(received, sent);
      assert.equal(reader.isBetweenMessages, true);
    }),
  );
});

test('any bytes are either messages, an unfinished one, or a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const reader = new FrameReader();
      try {
        const total = reader.push(bytes).reduce((sum, message) => sum + 4 + message.length, 0);
        assert.ok(total <= bytes.length);
        assert.equal(reader.isBetweenMessages, total === bytes.length);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
  );
});

test('a length beyond the limit is refused before any memory is taken for it', () => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, FRAME_BYTES_MAX + 1);
  assert.throws(() => new FrameReader().push(head), /limit 67108864/);
  assert.throws(() => frameOf(new Uint8Array(FRAME_BYTES_MAX + 1)), RangeError);
});

test('every message survives the way over the wire, and no other bytes pass for one', () => {
  const payload = fc.jsonValue({ maxDepth: 3 });
  const subject = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.nat(), subject, payload, (id, where, value) => {
      const json = JSON.parse(JSON.stringify(value));
      for (const message of [
        { kind: 'request', id, subject: where, payload: json },
        { kind: 'answer', id, value: json },
        { kind: 'failure', id, error: { code: 'LG_X', detail: where } },
        { kind: 'news', subject: where, payload: json },
      ] as const) {
        assert.deepEqual(decodeMessage(encodeMessage(message)), message);
      }
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const decoded = decodeMessage(bytes);
        if (decoded !== undefined) assert.deepEqual(decodeMessage(encodeMessage(decoded)), decoded);
      },
    ),
  );
});
