import { readFileSync } from 'node:fs';

/**
 * Kills a daemon between two steps of its rollback: `node kill-between.ts PID FILE FILE`. Watches
 * both files; in the moment exactly one of them has changed, the first step is done and the second
 * is not: the process gets SIGKILL. Prints `armed` when it watches, then `killed`, or `late` when
 * both had changed at once. It runs beside the tour because the moment is milliseconds long.
 */
function main(pid: number, files: readonly string[]): void {
  const before = files.map(read);
  process.stdout.write('armed\n');
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const until = Date.now() + watchMs;
  while (Date.now() < until) {
    const changed = files.filter((file, index) => read(file) !== before[index]).length;
    if (changed === 1) {
      process.kill(pid, 'SIGKILL');
      process.stdout.write('killed\n');
      return;
    }
    if (changed > 1) {
      process.stdout.write('late\n');
      return;
    }
    Atomics.wait(cell, 0, 0, lookEveryMs);
  }
  process.stdout.write('nothing\n');
}

/** Preparing a rollback (lock, capture of what is now, probes) is over long before. */
const watchMs = 120_000;
/** Short against a step with its fsyncs, long enough to leave the processor to the others. */
const lookEveryMs = 0.2;

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Absent for the instant of a replacement that is not a rename; that is a change under way.
    return '';
  }
}

const [pid = '', ...files] = process.argv.slice(2);
main(Number(pid), files);
