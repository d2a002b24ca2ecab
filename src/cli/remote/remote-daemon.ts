import { ApiClient } from '../../api/client.ts';
import { configuredUrl } from './configured-url.ts';
import { daemonAddress } from './daemon-address.ts';
import type { Invocation } from '../invocation.ts';

/** Captures, checks and backups of gigabytes take minutes; a dead daemon refuses at once. */
const ANSWER_MS = 15 * 60_000;

/** The client of the daemon this invocation means. */
export function remoteDaemon(invocation: Pick<Invocation, 'options' | 'env'>): ApiClient {
  const address = daemonAddress(invocation, () =>
    configuredUrl(invocation.options.config, process.cwd()),
  );
  return new ApiClient({ ...address, timeoutMs: ANSWER_MS });
}
