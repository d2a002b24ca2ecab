import type { Invocation } from '../invocation.ts';

/**
 * The address of the daemon that somebody named, by --url or else by $LASTGOOD_URL: that one is
 * meant and no other, whatever runs on this host. An empty variable names none.
 */
export function namedDaemon({
  options,
  env,
}: Pick<Invocation, 'options' | 'env'>): string | undefined {
  const named = env['LASTGOOD_URL'] ?? '';
  return options.url ?? (named === '' ? undefined : named);
}
