import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromUtf8, utf8 } from '../../../base/bytes.ts';
import { SyslogFrames } from './syslog-frames.ts';

interface Taken {
  readonly text: string;
  readonly part: number;
  readonly isLast: boolean;
}

function cut(pieces: readonly Uint8Array[], bytesMax = 64): readonly Taken[] {
  const taken: Taken[] = [];
  const frames = new SyslogFrames((bytes, start, end, part, isLast) => {
    taken.push({ text: fromUtf8(bytes.subarray(start, end)), part, isLast });
  }, bytesMax);
  for (const piece of pieces) frames.push(piece);
  frames.end();
  assert.equal(frames.isInside, false);
  assert.equal(frames.taken, taken.length);
  return taken;
}

/** The same bytes in pieces whose lengths are given, again and again. */
function inPieces(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, next = 0; at < bytes.length; next += 1) {
    const length = lengths[next % lengths.length] ?? 1;
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

/** A message as senders frame it, and its content. */
const framed = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.boolean())
  .map(([words, isCounted]) => {
    const message = `<13>${words.replaceAll('\n', ' ')}`;
    const count = utf8(message).length;
    return { message, bytes: utf8(isCounted ? `${count} ${message}` : `${message}\n`) };
  });

describe('syslog frames', () => {
  test('are the same however the stream is cut, counted and by lines in one stream', () => {
    fc.assert(
      fc.property(fc.array(framed, { maxLength: 12 }), lengths, (messages, cuts) => {
        const stream = concatBytes(messages.map(({ bytes }) => bytes));
        const texts = cut(inPieces(stream, cuts), 4096).map(({ text }) => text);
        assert.deepEqual(
          texts,
          messages.map(({ message }) => message),
        );
      }),
    );
  });

  test('are the same however garbage is cut, and no byte of a line is lost', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((raw) => raw.map((byte) => byte % 0x40));
    fc.assert(
      fc.property(bytes, lengths, (stream, cuts) => {
        assert.deepEqual(cut(inPieces(stream, cuts)), cut([stream]));
      }),
      { numRuns: 1000 },
    );
  });

  test('that are too long come in numbered parts, split between characters', () => {
    for (const text of [
      'x'.repeat(150),
      'ü'.repeat(75),
      `<13>${'€'.repeat(50)}`,
      '🙂'.repeat(40),
    ]) {
      for (const stream of [
        `${text}\n<13>next\n`,
        `${utf8(`<1>${text}`).length} <1>${text}<13>next`,
      ]) {
        const taken = cut(inPieces(utf8(stream), [7]));
        const parts = taken.slice(0, -1);
        assert.equal(taken.at(-1)?.text, '<13>next');
        assert.deepEqual(
          parts.map(({ part }) => part),
          parts.map((_, index) => index + 1),
        );
        assert.deepEqual(
          parts.map(({ isLast }) => isLast),
          parts.map((_, index) => index === parts.length - 1),
        );
        const whole = parts.map((one) => one.text).join('');
        assert.ok(whole === text || whole === `<1>${text}`);
        assert.ok(
          parts.every((one) => utf8(one.text).length <= 64 && !one.text.includes('\ufffd')),
        );
      }
    }
  });

  test('of a stream that breaks off are kept: a line whole, a counted one marked as cut', () => {
    assert.deepEqual(cut([utf8('<13>no end')]), [{ text: '<13>no end', part: 0, isLast: true }]);
    assert.deepEqual(cut([utf8('20 <13>half')]), [{ text: '<13>half', part: 1, isLast: true }]);
    assert.deepEqual(cut([utf8('12')]), [{ text: '12', part: 0, isLast: true }]);
  });

  test('need a count that stands before a priority; other digits are text', () => {
    const texts = (stream: string) => cut([utf8(stream)]).map(({ text }) => text);
    assert.deepEqual(texts('3 apples\n0 <13>a\n123456789 <1>b\n'), [
      '3 apples',
      '0 <13>a',
      '123456789 <1>b',
    ]);
  });

  test('hold no more than one message, however long the sender writes', () => {
    let longest = 0;
    const frames = new SyslogFrames((_bytes, start, end) => {
      longest = Math.max(longest, end - start);
    }, 1000);
    for (let at = 0; at < 5000; at += 1) frames.push(utf8('no line end in sight '));
    assert.ok(longest <= 1000);
    assert.ok(frames.isInside);
  });
});
