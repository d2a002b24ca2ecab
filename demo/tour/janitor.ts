import { sweep } from './sweep.ts';

/**
 * Cleans up after a tour, however it ended: `node janitor.ts ROOT`, in a session of its own. Its
 * standard input ends when the tour does, kill -9 and a closed terminal included; then it kills
 * what is left of the tour's processes and removes its directory.
 */
async function main(root: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) {
    process.on(signal, () => undefined);
  }
  await new Promise<void>((resolve) => {
    process.stdin.once('end', () => resolve());
    process.stdin.once('error', () => resolve());
    process.stdin.resume();
  });
  await sweep(root);
}

await main(process.argv[2] ?? '');
