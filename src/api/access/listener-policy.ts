import { isLoopback } from '../../base/loopback.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** A listener as it would be opened. */
export interface ListenerPlan {
  /** The member of `listen`, such as `ui` or `otlpHttp`. */
  readonly name: string;
  /** The address to listen on. */
  readonly address: string;
  readonly hasTls: boolean;
  /** How many access tokens people have made. */
  readonly tokens: number;
}

/**
 * The refusal rule: a listener that others can reach demands TLS and access tokens, or the daemon
 * does not start (LG_ACCESS_LISTENER_OPEN).
 */
export function listenerPolicy(plan: ListenerPlan): Result<void> {
  if (isLoopback(plan.address)) return ok(undefined);
  const lacks = [...(plan.hasTls ? [] : ['TLS']), ...(plan.tokens > 0 ? [] : ['access tokens'])];
  if (lacks.length === 0) return ok(undefined);
  const seen = `listen.${plan.name} is ${plan.address}, which others reach, without`;
  return err(lgError('LG_ACCESS_LISTENER_OPEN', `${seen} ${lacks.join(' and ')}`));
}
