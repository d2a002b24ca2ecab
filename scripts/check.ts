import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * `npm run check`: everything a machine can say about the source without running it. Each step
 * prints its name, its seconds and, when it fails, its words. Steps are independent, so they run
 * side by side, the slowest first.
 */

/** One step: a command of the project that exits 0 when all is well. */
interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Must appear in the output: proof that the tool looked at files at all. */
  readonly proof?: RegExp;
}

/** How one step ended. */
interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of web', command: ['tsc', '--noEmit', '--project', 'web'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'format', command: ['oxfmt', '--check', '.'], proof: /on [1-9]\d* files/ },
  { name: 'lint', command: ['oxlint', '--deny-warnings'], proof: /on [1-9]\d* files/ },
  { name: 'import table', command: ['node', 'scripts/check-imports.ts'] },
  { name: 'lockfile', command: ['node', 'scripts/check-lockfile.ts'] },
  { name: 'links', command: ['node', 'scripts/check-links.ts'] },
  { name: 'tidy', command: ['node', 'scripts/check-tidy.ts'] },
];

/** No step needs a tenth of this; one that hangs must not hang a pipeline for ever. */
const stepTimeoutMs = 120_000;

/** A megabyte of complaints is more than anybody reads; beyond it a tool has gone wild. */
const outputBytesMax = 1_000_000;

function runStep(step: Step): Promise<Outcome> {
  const [program, ...args] = step.command;
  const started = performance.now();
  const path = [join(process.cwd(), 'node_modules', '.bin'), process.env['PATH'] ?? ''];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, {
      env: { ...process.env, PATH: path.join(delimiter), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: stepTimeoutMs,
    });
    const end = (exitedWell: boolean): void => {
      const looked = step.proof?.test(output) ?? true;
      if (exitedWell && !looked) output += `\n${step.name}: the tool looked at no file\n`;
      const seconds = (performance.now() - started) / 1000;
      resolve({ step, passed: exitedWell && looked, seconds, output });
    };
    const collect = (chunk: Buffer): void => {
      if (output.length < outputBytesMax) output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      output += `${program}: ${error.message}; run \`npm ci\` first\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

function report({ step, passed, seconds, output }: Outcome): void {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.name.padEnd(14)} ${seconds.toFixed(1)} s`);
  if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '     '));
}

/** Runs the steps with as many workers as there are processors. */
async function runAll(queue: Step[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const outcome = await runStep(step);
      report(outcome);
      outcomes.push(outcome);
    }
  };
  const workers = Array.from({ length: Math.max(2, availableParallelism()) }, worker);
  await Promise.all(workers);
  return outcomes;
}

const started = performance.now();
const outcomes = await runAll([...steps]);
const failed = outcomes.filter(({ passed }) => !passed).length;
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${outcomes.length - failed} passed, ${failed} failed in ${seconds} s`);
process.exitCode = failed === 0 ? 0 : 1;
