import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { MessageCutter } from './message-cutter.ts';

test('a message comes with its number, its uptime and what stands under it', () => {
  const { messages, strange } = new MessageCutter().push(
    utf8('6,7,1365243226,-;usb 1-1: new\n SUBSYSTEM=usb\n DEVICE=c189:1\n3,8,1365243264,-;next\n'),
  );
  assert.deepEqual(strange, []);
  assert.deepEqual(
    messages.map(({ sequence, uptimeUs, bytes }) => [sequence, uptimeUs, fromUtf8(bytes).length]),
    [
      [7, 1_365_243_226n, 60],
      [8, 1_365_243_264n, 22],
    ],
  );
});

test('however bytes are cut, each message comes once, and what is none is told', () => {
  const line = fc.oneof(
    fc.nat().map((n) => `6,${n},${n},-;text ${n}`),
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\n') && !text.startsWith(' ')),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), sizes, (lines, cuts) => {
      const bytes = utf8(lines.map((text) => `${text}\n`).join(''));
      const cutter = new MessageCutter();
      let [at, told] = [0, 0];
      for (let turn = 0; at < bytes.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        const { messages, strange } = cutter.push(bytes.subarray(at, end));
        told += messages.length + strange.length;
        at = end;
      }
      assert.equal(told, lines.filter((text) => text !== '').length);
    }),
  );
});

test('a line without an end fills no memory', () => {
  const cutter = new MessageCutter();
  const told = Array.from({ length: 64 }, () => cutter.push(new Uint8Array(4096).fill(0x41)));
  assert.ok(told.some(({ strange }) => strange.length === 1));
});
