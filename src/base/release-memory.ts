import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives memory back that only the start needed: loading modules leaves V8's heap twice as large as
 * what lives in it, and a process that then mostly waits would keep that for hours. Costs some
 * 50 ms of this thread; call it once, when the work of starting is done. Idempotent.
 */
export function releaseMemory(): void {
  // Node gives a program no other way to ask for a collection, see node#32119.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return;
  collect({ execution: 'sync', type: 'major', flavor: 'last-resort' });
}
