import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startPipedProgram } from './piped-program.ts';

test('a program that ends says why, in its last words', async () => {
  const script = 'echo hint >&2; echo "cannot open it" >&2; exit 3';
  assert.equal(await startPipedProgram(silent(script)).ended, 'cannot open it');
  assert.equal(await startPipedProgram(silent('exit 3')).ended, 'it ended with code 3');
  assert.equal(
    await startPipedProgram(['no-such-program']).ended,
    'no-such-program is not there; install it',
  );
});

test('ending it ends what it started, too', async () => {
  const program = startPipedProgram(['/bin/sh', '-c', 'sleep 60 & echo $!; wait']);
  const [line]: readonly unknown[] = await once(program.output, 'data');
  const below = Number(String(line));
  process.kill(below, 0);
  program.end();
  assert.equal(await program.ended, 'it ended by SIGKILL');
  while (isAlive(below)) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('it waits while nobody reads, and all it wrote is read before it has ended', async () => {
  const program = startPipedProgram(['/bin/sh', '-c', 'head -c 1000000 /dev/zero']);
  let bytes = 0;
  for await (const chunk of program.output) bytes += Buffer.from(chunk).length;
  assert.equal(bytes, 1_000_000);
  assert.equal(await program.ended, 'it ended with code 0');
});

/** A program whose output is closed at once, as nobody reads it. */
function silent(script: string): readonly string[] {
  return ['/bin/sh', '-c', `exec >&-; ${script}`];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
