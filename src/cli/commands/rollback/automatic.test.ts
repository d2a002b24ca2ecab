import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bind } from '../../invocation.ts';
import { makeProgram } from '../../program.ts';
import { COMMANDS } from '../../command-list.ts';

/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9';

test('where $LASTGOOD_URL names a daemon, the switch of this host is not told', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'lastgood-automatic-'));
  t.after(() => rm(data, { recursive: true }));
  const ask = async (url: string, words: readonly string[]): Promise<readonly string[]> => {
    const said: string[] = [];
    const screen = {
      out: (line: string) => void said.push(line),
      note: () => undefined,
      json: () => undefined,
      isJson: false,
      hasColor: false,
      columns: 80,
    };
    const env = { LASTGOOD_URL: url };
    const { signal } = new AbortController();
    const bind: Bind =
      (run) =>
      async (...[own]) => {
        await run({ options: { data }, screen, env, signal }, Object(own), []);
      };
    const program = makeProgram(bind, COMMANDS);
    await program.parseAsync(['rollback', 'automatic', ...words], { from: 'user' });
    return said;
  };
  const off = ['off', '--reason', 'we move the racks'];
  await assert.rejects(ask(DEAD, ['status']), { code: 'LG_API_DAEMON_UNREACHABLE' });
  await assert.rejects(ask(DEAD, off), { code: 'LG_RUNTIME_USAGE' });
  assert.match((await ask('', off)).join('\n'), /no rollback begins by itself/);
});
