import { ApiClient } from '../../api/client.ts';
import { daemonAddress } from './daemon-address.ts';
import type { Invocation } from '../invocation.ts';

/** Captures, checks and backups of gigabytes take minutes; a dead daemon refuses at once. */
const ANSWER_MS = 15 * 60_000;

/** The client of the daemon this invocation means. */
export function remoteDaemon(invocation: Pick<Invocation, 'options' | 'env'>): ApiClient {
  return new ApiClient({ ...daemonAddress(invocation), timeoutMs: ANSWER_MS });
}
