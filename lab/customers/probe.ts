import { join } from 'node:path';
import { readLately } from './lately.ts';

/** Written every second; older than this means that nobody orders any more. */
const ageMsMax = 5_000;
/** A shop that fails one order in ten is not well. */
const failedShareMax = 0.1;

/**
 * Whether the customers are served: `node probe.ts FOLDER`. Exits 0 when they are, else 1 with what
 * they see. Meant as a health check by command.
 */
function main(folder: string): number {
  const { at, acknowledged, refused, unanswered } = readLately(join(folder, 'lately.json'));
  const failed = refused + unanswered;
  const total = acknowledged + failed;
  const isFresh = Date.now() - at < ageMsMax;
  const isServed = isFresh && total > 0 && failed <= total * failedShareMax;
  const age = ((Date.now() - at) / 1000).toFixed(1);
  process.stdout.write(`${acknowledged} of ${total} orders acknowledged, seen ${age} s ago\n`);
  return isServed ? 0 : 1;
}

process.exitCode = main(process.argv[2] ?? '');
