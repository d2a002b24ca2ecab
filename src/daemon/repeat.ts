import { messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Clock } from '../ports/clock.ts';

/**
 * Does something again and again, each time `everyMs` after the last one ended; a failure is
 * logged and does not end it. Answers how to stop, which waits for what is at work.
 */
export function repeat(
  name: string,
  everyMs: () => number,
  work: () => Promise<void>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): () => Promise<void> {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;
  const next = (): void => {
    if (isStopped) return;
    cancel = clock.after(everyMs(), () => {
      running = work()
        .catch((error: unknown) =>
          log.error('RepeatedWorkError', { work: name, why: messageOf(error) }),
        )
        .finally(next);
    });
  };
  next();
  return async () => {
    isStopped = true;
    cancel();
    await running;
  };
}
