import { ApiClient } from '../../api/client.ts';
import { configuredUrl } from './configured-url.ts';
import { daemonAddress, type DaemonAddress } from './daemon-address.ts';
import type { Invocation } from '../invocation.ts';

/** Captures, checks and backups of gigabytes take minutes; a dead daemon refuses at once. */
const ANSWER_MS = 15 * 60_000;

type Asking = Pick<Invocation, 'options' | 'env'>;

/** The client of the daemon this invocation means. */
export function remoteDaemon(invocation: Asking): ApiClient {
  return new ApiClient({ ...addressOf(invocation), timeoutMs: ANSWER_MS });
}

/** Where that daemon is, for a browser. */
export function remoteUrl(invocation: Asking): string {
  return addressOf(invocation).url;
}

function addressOf(invocation: Asking): DaemonAddress {
  return daemonAddress(invocation, () => configuredUrl(invocation.options.config, process.cwd()));
}
