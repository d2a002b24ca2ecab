import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newDataKey, open, seal, SEAL_OVERHEAD_BYTES } from './aead.ts';
import { utf8 } from './bytes.ts';

test('what was sealed opens with the same key and context, and only unaltered', () => {
  const key = newDataKey();
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, where, bit) => {
      const sealed = seal(key, plain, utf8('place 1'));
      assert.equal(sealed.length, plain.length + SEAL_OVERHEAD_BYTES);
      assert.deepEqual(new Uint8Array(open(key, sealed, utf8('place 1')) ?? []), plain);
      assert.equal(open(key, sealed, utf8('place 2')), undefined);
      assert.equal(open(newDataKey(), sealed, utf8('place 1')), undefined);
      const altered = Uint8Array.from(sealed);
      const at = where % altered.length;
      altered[at] = (altered[at] ?? 0) ^ (1 << bit);
      assert.equal(open(key, altered, utf8('place 1')), undefined);
    }),
  );
});

test('too few bytes do not open and do not throw', () => {
  assert.equal(open(newDataKey(), new Uint8Array(5), new Uint8Array()), undefined);
});
