import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import { unwrap } from '../base/result.ts';
import { converse } from './converse.ts';

const READ_MS = 60_000;
const setting = {
  env: { PATH: process.env['PATH'] ?? '' },
  signal: new AbortController().signal,
};

/** What is told of a shell script that says `ready`, is answered, and ends. */
async function complaintOf(script: string): Promise<string> {
  const said = await converse(
    ['sh', '-c', script],
    { timeoutMs: READ_MS },
    setting,
    async (conversation) => {
      assert.equal(
        fromUtf8(unwrap(await conversation.read(READ_MS)) ?? new Uint8Array()),
        'ready\n',
      );
      conversation.write(utf8('go on\n'));
      return conversation.read(READ_MS);
    },
  );
  assert.ok(!said.ok);
  return said.error.detail;
}

test('a secret that is longer than what is shown of an error is hidden all the same', async () => {
  const secret = 'hunter2'.repeat(100);
  const told = await complaintOf(`echo "password=${secret}" >&2; echo ready; read _; exit 3`);
  assert.equal(told, 'sh ended with 3: password=<hidden>');
});

test('a letter that comes in two pieces is shown as one', async () => {
  const script = String.raw`printf 'gr\303' >&2; echo ready; read _; printf '\274n' >&2; exit 3`;
  assert.equal(await complaintOf(script), 'sh ended with 3: grün');
});
