import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { LocalBus } from '../../adapters/buses/local/local-bus.ts';
import { silentLog } from '../../base/log.ts';
import type { PipedProgram } from '../../base/piped-program.ts';
import { err } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { runningClock } from '../../testing/running-clock.ts';
import { HeldPrograms } from './held-programs.ts';
import { hostProgramAsk, HOSTS_SUBJECT } from './program-messages.ts';
import { remotePrograms } from './remote-programs.ts';

/** What `seq 1 200000` prints: more than is held or carried at a time. */
const COUNTED = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\n`).join('');

/** Programs over a bus; each `losesEvery`th answer gets lost on its way. */
function programs(t: TestContext, losesEvery = Number.POSITIVE_INFINITY) {
  const clock = runningClock();
  const bus = new LocalBus({ clock, log: silentLog });
  const isAllowed = (words: readonly string[]): boolean => words[0] === 'sh';
  const held = new HeldPrograms(clock, (words) =>
    isAllowed(words) ? undefined : lgError('LG_PROVIDER_NOT_ALLOWED', String(words)),
  );
  t.after(() => held.stop());
  let [answers, next] = [0, 0];
  bus.serve(HOSTS_SUBJECT.program, async (payload) => {
    const answer = await held.answer(hostProgramAsk.parse(payload).ask);
    answers += 1;
    const isLost = answer.ok && answers % losesEvery === 0;
    return isLost ? err(lgError('LG_RUNTIME_DEADLINE', 'it got lost')) : answer;
  });
  const newId = (): string => `program-${(next += 1)}`;
  return { ...remotePrograms({ bus, host: 'fw', clock, newId }), held };
}

async function all({ output, ended }: PipedProgram) {
  let text = '';
  output.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { why: await ended, text };
}

test('what a program on a host writes arrives whole and in order, then why it ended', async (t) => {
  const { start } = programs(t);
  const { text, why } = await all(start(['sh', '-c', 'seq 1 200000; echo late >&2; exit 3']));
  assert.ok(text === COUNTED, `${text.length} characters of ${COUNTED.length}`);
  assert.equal(why, 'late');
});

test('an answer that gets lost is asked for again, and nothing comes twice', async (t) => {
  const { start } = programs(t, 3);
  const { text } = await all(start(['sh', '-c', 'seq 1 200000']));
  assert.ok(text === COUNTED, `${text.length} characters of ${COUNTED.length}`);
});

test('a program waits while nobody reads what it writes, and ends when told to', async (t) => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-remote-'));
  t.after(() => fs.rm(folder, { recursive: true }));
  const [progress, pid] = [join(folder, 'progress'), join(folder, 'pid')];
  await fs.writeFile(progress, '');
  const flood = `while head -c 65536 /dev/zero; do printf x >> ${progress}; done`;
  const program = programs(t).start(['sh', '-c', `echo $$ > ${pid}; ${flood}`]);
  program.output.on('data', () => program.output.pause());
  const written = async (): Promise<number> => (await fs.stat(progress)).size;
  // It has filled what is held there and here once it cannot go on.
  for (let before = -1, now = 0; now < 8 || now > before;) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    [before, now] = [now, await written()];
  }
  assert.ok((await written()) * 65_536 < 4 * 1024 * 1024);
  program.end();
  await program.ended;
  const group = Number(await fs.readFile(pid, 'utf8'));
  const isAlive = (): boolean => {
    try {
      return process.kill(-group, 0);
    } catch {
      return false;
    }
  };
  while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('a program that the runner refuses ends with the reason', async (t) => {
  const { why, text } = await all(programs(t).start(['cat', '/etc/shadow']));
  assert.match(why, /^LG_PROVIDER_NOT_ALLOWED: cat,\/etc\/shadow/);
  assert.equal(text, '');
});

test('when the runner ends its programs, their reader is told', async (t) => {
  const { start, held } = programs(t);
  const program = start(['sh', '-c', 'echo begun; exec sleep 600']);
  program.output.once('data', () => held.stop());
  const { why } = await all(program);
  assert.equal(why, 'its host runner ended it');
});
