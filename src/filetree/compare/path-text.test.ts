import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../base/bytes.ts';
import { escapeText, pathBytes, pathText } from './path-text.ts';

function bytesOf(text: string): Uint8Array {
  const bytes = pathBytes(text);
  return typeof bytes === 'string' ? utf8(bytes) : bytes;
}

test('every name of bytes is found again by its text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      assert.deepEqual(Buffer.from(bytesOf(pathText(bytes))), Buffer.from(bytes));
    }),
  );
});

test('two different names never have the same text', () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(name, name, (a, b) => {
      const same = Buffer.from(a).equals(Buffer.from(b));
      assert.equal(pathText(a) === pathText(b), same);
    }),
  );
});

test('a plain name is its own text, and a text that looks escaped is told apart', () => {
  assert.equal(pathText(utf8('/etc/nginx/größe.conf')), '/etc/nginx/größe.conf');
  assert.equal(pathText(Uint8Array.of(0x61, 0xff, 0x0a)), String.raw`a\xff\x0a`);
  assert.equal(pathText(utf8(String.raw`a\xff`)), String.raw`a\\xff`);
});

test('names Node gives as text and as bytes have the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      assert.equal(escapeText(name), pathText(utf8(name)));
    }),
  );
});
