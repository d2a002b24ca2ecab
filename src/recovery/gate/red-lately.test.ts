import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';
import { RED_LATELY_MS_MAX, RedLately } from './red-lately.ts';

const CHECK = 'shop: GET /';
const ANEW = 'answered anew';
const said = (color: ProbeColor): ProbeSample => ({
  check: CHECK,
  component: 'shop',
  color,
  seen: 'no answer within 2000 ms',
});

/** What is said of a check that hangs until all else is ready, after answers from before. */
async function saidAfter(answers: readonly ProbeColor[], ageMs: number): Promise<string> {
  let uptimeMs = 1_000;
  const lately = new RedLately({ uptimeMs: () => uptimeMs });
  for (const color of answers) lately.note(said(color));
  uptimeMs += ageMs;
  const asked = Promise.withResolvers<ProbeSample>();
  const answer = lately.answerOf(CHECK, asked.promise, Promise.resolve());
  setImmediate(() => asked.resolve({ ...said('green'), seen: ANEW }));
  return (await answer).seen;
}

test('who was red just now and still says nothing is not waited for; its age is told', async () => {
  assert.equal(
    await saidAfter(['green', 'red'], 3_400),
    'no answer within 2000 ms, 3.4 s ago; asked again, it has not answered yet',
  );
});

test('who was green, was never asked or was red too long ago is always waited for', async () => {
  assert.equal(await saidAfter(['red', 'green'], 100), ANEW);
  assert.equal(await saidAfter(['red', 'unknown'], 100), ANEW);
  assert.equal(await saidAfter([], 100), ANEW);
  assert.equal(await saidAfter(['red'], RED_LATELY_MS_MAX + 1), ANEW);
});

test('an answer that comes before all else is ready counts, whatever was before', async () => {
  const lately = new RedLately({ uptimeMs: () => 0 });
  lately.note(said('red'));
  const never = Promise.withResolvers<void>();
  const asked = Promise.resolve({ ...said('green'), seen: ANEW });
  assert.equal((await lately.answerOf(CHECK, asked, never.promise)).seen, ANEW);
});
