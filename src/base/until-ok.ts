import type { Result } from './result.ts';

/** How often something is tried again, and what may end the trying. */
export interface Retrying {
  /** First wait; doubled with each failure up to `mostMs`. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** Calls back once after about `ms`; the answer takes the call back. */
  readonly after: (ms: number, call: () => void) => () => void;
  readonly signal: AbortSignal;
  readonly onFailure: (error: Error) => void;
}

/** Tries until it succeeds; undefined when the signal ends it before. Nothing runs in parallel. */
export async function untilOk<Value>(
  attempt: () => Promise<Result<Value>>,
  retrying: Retrying,
): Promise<Value | undefined> {
  for (let waitMs = retrying.firstMs; ; waitMs = Math.min(retrying.mostMs, waitMs * 2)) {
    const result = await attempt();
    if (result.ok) return result.value;
    retrying.onFailure(result.error);
    if (!(await waited(waitMs, retrying))) return undefined;
  }
}

/** Waits; false when the signal ends it before. */
export function waited(
  ms: number,
  { after, signal }: Pick<Retrying, 'after' | 'signal'>,
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
