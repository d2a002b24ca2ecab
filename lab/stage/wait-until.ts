import { LabFailure } from './lab-failure.ts';

/** Ten looks a second: daemons of the lab come up in tenths of seconds. */
const lookEveryMs = 100;

/**
 * Looks until `look` resolves with something (anything but undefined) and resolves with it. What
 * `look` throws means "not yet"; after `timeoutMs` the last such reason is the cause given.
 */
export async function waitUntil<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await attempt(look);
    if ('value' in found && found.value !== undefined) return found.value;
    if (Date.now() > until) {
      const reason = 'reason' in found ? `; last: ${String(found.reason)}` : '';
      throw new LabFailure(`${what}: not within ${timeoutMs / 1000} s${reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function attempt<T>(
  look: () => Promise<T> | T,
): Promise<{ readonly value: T } | { readonly reason: unknown }> {
  try {
    return { value: await look() };
  } catch (reason) {
    return { reason };
  }
}
