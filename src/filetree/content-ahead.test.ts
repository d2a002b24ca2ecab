import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../base/bytes.ts';
import { ok, unwrap } from '../base/result.ts';
import { ContentAhead } from './content-ahead.ts';
import { hashOf } from './read-content.ts';

const CONTENTS = Array.from({ length: 50 }, (_, index) => utf8(`content ${index}`));
const ORDER = CONTENTS.map(hashOf);

/** All of them in their order, each as large as is said. */
const awaited = (bytes: number) => ORDER.map((hash) => ({ hash, bytes }));

/** Contents by address, and how often each was fetched. */
function shelf() {
  const fetched: number[] = [];
  const getBlob = (hash: (typeof ORDER)[number]) => {
    const index = ORDER.indexOf(hash);
    fetched.push(index);
    return Promise.resolve(ok(CONTENTS[index] ?? new Uint8Array()));
  };
  return { fetched, getBlob };
}

test('every content is fetched once and given to who asks for it', async () => {
  const io = shelf();
  const ahead = new ContentAhead(awaited(100), io);
  for (const [index, hash] of ORDER.entries()) {
    assert.deepEqual(unwrap(await ahead.get(hash)), CONTENTS[index]);
  }
  assert.deepEqual(io.fetched, [...ORDER.keys()]);
});

test('no more is in memory than thirty-two contents, or eight megabytes', async () => {
  const [first] = ORDER;
  assert.ok(first);
  for (const [bytes, fetched] of [
    [1, 32],
    [1024 * 1024, 8],
    [4 * 1024 * 1024, 2],
    [16 * 1024 * 1024, 1],
  ] as const) {
    const io = shelf();
    await new ContentAhead(awaited(bytes), io).get(first);
    assert.deepEqual(io.fetched, [...ORDER.keys()].slice(0, fetched));
  }
});

test('what is passed over, asked for twice or not foreseen is right all the same', async () => {
  const io = shelf();
  const [a, b, c, , , , , h] = ORDER;
  assert.ok(a && b && c && h);
  const ahead = new ContentAhead(
    [a, b, a, h].map((hash) => ({ hash, bytes: 9 })),
    io,
  );
  assert.deepEqual(unwrap(await ahead.get(a)), CONTENTS[0]);
  assert.deepEqual(unwrap(await ahead.get(a)), CONTENTS[0]);
  assert.deepEqual(unwrap(await ahead.get(c)), CONTENTS[2]);
  assert.deepEqual(unwrap(await ahead.get(h)), CONTENTS[7]);
  assert.deepEqual(unwrap(await ahead.get(b)), CONTENTS[1]);
});
