import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, utf8 } from '../../../base/bytes.ts';
import { framed, MessageReader, type Framing } from './framing.ts';

const message = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes(']]>]]>'));

for (const framing of ['end-mark', 'chunks'] as const satisfies readonly Framing[]) {
  test(`messages told apart by ${framing} come out as they went in, however cut`, () => {
    const cut = fc.array(fc.nat(40), { maxLength: 30 });
    const some = fc.array(
      message.filter((text) => text !== ''),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(some, cut, (messages, cuts) => {
        const bytes = concatBytes(messages.map((one) => framed(one, framing)));
        assert.deepEqual(readAll(bytes, cuts, framing), messages);
      }),
    );
  });
}

test('one message may come in many chunks', () => {
  const bytes = utf8('\n#4\n<rpc\n#18\n message-id="102"\n\n##\n');
  assert.deepEqual(readAll(bytes, [1, 2, 3], 'chunks'), ['<rpc message-id="102"\n']);
});

test('a broken framing is told at once, not waited on', () => {
  for (const said of [
    '<rpc/>',
    '\n#0\n',
    '\n#x',
    '\n\n#4\n',
    '\n#99999999999\n',
    '\n#4294967295\n',
  ]) {
    const reader = new MessageReader();
    reader.useFraming('chunks');
    reader.push(utf8(said));
    assert.throws(() => reader.next(), /chunk/, said);
  }
});

test('a message without end is refused before it fills the memory', () => {
  const reader = new MessageReader();
  const much = new Uint8Array(8 * 1024 * 1024).fill(97);
  assert.throws(() => {
    for (let pushed = 0; pushed < 10; pushed += 1) {
      reader.push(much);
      assert.equal(reader.next(), undefined);
    }
  }, RangeError);
});

function readAll(bytes: Uint8Array, cuts: readonly number[], framing: Framing): readonly string[] {
  const reader = new MessageReader();
  reader.useFraming(framing);
  const read: string[] = [];
  let at = 0;
  for (const size of [...cuts, bytes.length]) {
    const part = bytes.subarray(at, at + size);
    at += part.length;
    if (part.length > 0) reader.push(part);
    for (let next = reader.next(); next !== undefined; next = reader.next()) read.push(next);
  }
  return read;
}
