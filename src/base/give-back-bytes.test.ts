import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBackBytes } from './give-back-bytes.ts';

test('the whole memory of bytes is given back', () => {
  const memory = new ArrayBuffer(60_000);
  const bytes = new Uint8Array(memory, 0, 40_000);
  giveBackBytes(bytes);
  assert.deepEqual([memory.byteLength, bytes.byteLength], [0, 0]);
});

test('memory that other bytes lie in or that threads share is left alone', () => {
  const [one, other] = [Buffer.from('a small one'), Buffer.from('and another')];
  const shared = new Uint8Array(new SharedArrayBuffer(60_000));
  giveBackBytes(one);
  giveBackBytes(shared);
  assert.equal(one.toString() + other.toString(), 'a small oneand another');
  assert.equal(shared.byteLength, 60_000);
});
