import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutate, seededRandom } from './mutate.ts';
import { PARSERS, type FuzzedParser } from './parsers.ts';

/**
 * `npm run fuzz -- --seconds N [--seed S] [--parser NAME]`: changed inputs for every parser, split
 * evenly over the time. Fails on a throw, on an input that takes more than 100 ms and on memory
 * that grows; prints what a person needs to play it again.
 */

/** CPU time one input may take, the least of three: the machine has other work too. */
const INPUT_MS_MAX = 100;

/** What a parser may keep between inputs: its caches are bounded well below. */
const GROWTH_BYTES_MAX = 16 * 1024 * 1024;

interface Outcome {
  readonly parser: string;
  readonly executions: number;
  readonly slowestMs: number;
  readonly slowest: string;
  readonly grownMiB: number;
  readonly failure: string | undefined;
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/**
 * V8 frees the memory behind dead array buffers on another thread after a collection; only the
 * next collection waits for it, so a single one counts up to 100 MiB that nobody holds.
 */
function heapBytes(): number {
  assert.ok(typeof collectGarbage === 'function');
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function fuzz(parser: FuzzedParser, seconds: number, seed: number): Outcome {
  const random = seededRandom(seed);
  for (const sound of parser.corpus) parser.run(sound);
  const before = heapBytes();
  const deadline = performance.now() + seconds * 1000;
  let [executions, slowestMs, slowest] = [0, 0, ''];
  let failure: string | undefined;
  while (failure === undefined && performance.now() < deadline) {
    const input = mutate(parser.corpus, random);
    const { ms, problem } = execute(parser, input);
    executions += 1;
    failure = problem;
    if (ms <= slowestMs && problem === undefined) continue;
    slowestMs = Math.max(ms, slowestMs);
    slowest = Buffer.from(input).toString('base64');
  }
  const grown = heapBytes() - before;
  if (grown > GROWTH_BYTES_MAX) failure ??= `memory grew by ${grown >> 20} MiB`;
  return {
    parser: parser.name,
    executions,
    slowestMs,
    slowest,
    grownMiB: grown / 2 ** 20,
    failure,
  };
}

function execute(parser: FuzzedParser, input: Uint8Array): { ms: number; problem?: string } {
  let ms = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const started = process.threadCpuUsage();
    try {
      parser.run(input);
    } catch (error) {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { ms: cpuMs(started), problem: words };
    }
    ms = Math.min(ms, cpuMs(started));
    if (ms <= INPUT_MS_MAX) return { ms };
  }
  return { ms, problem: `an input took ${ms.toFixed(0)} ms` };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      parser: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  const chosen = PARSERS.filter(
    ({ name }) => values.parser === undefined || name === values.parser,
  );
  if (chosen.length === 0 || !Number.isFinite(seed) || !(Number(values.seconds) > 0)) {
    process.stderr.write(`usage: fuzz --seconds N [--seed S] [--parser NAME]; parsers:\n`);
    for (const { name } of PARSERS) process.stderr.write(`  ${name}\n`);
    process.exitCode = 2;
    return;
  }
  console.log(`seed ${seed}`);
  for (const parser of chosen) {
    const outcome = fuzz(parser, Number(values.seconds) / chosen.length, seed);
    const { executions, slowestMs, grownMiB, failure, slowest } = outcome;
    console.log(
      `${failure === undefined ? 'ok  ' : 'FAIL'} ${outcome.parser.padEnd(26)}` +
        `${String(executions).padStart(9)} inputs   slowest ${slowestMs.toFixed(1)} ms` +
        `   kept ${Math.max(0, grownMiB).toFixed(1)} MiB`,
    );
    if (failure === undefined) continue;
    process.exitCode = 1;
    console.log(
      `${failure}\ninput (base64): ${slowest}\nagain: --parser '${parser.name}' --seed ${seed}`,
    );
  }
}

main();
