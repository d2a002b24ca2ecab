import { readFileSync } from 'node:fs';
import { parseCapabilities } from '../linux/process-status.ts';
import type { Refusal } from './local-provider.ts';

/** Number of CAP_NET_ADMIN, see capabilities(7). */
const NET_ADMIN = 12n;

/** Why this process may not change the network of its host; undefined when it may. */
export function networkRefusal(what: string): Refusal | undefined {
  const effective = parseCapabilities(readFileSync('/proc/self/status', 'utf8'));
  if ((effective >> NET_ADMIN) % 2n === 1n) return undefined;
  const why = `user ${process.geteuid?.()} may not change ${what}: that takes CAP_NET_ADMIN`;
  return { notRestorableBecause: why, lacks: { access: 'root' } };
}
