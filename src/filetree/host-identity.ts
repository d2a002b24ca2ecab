import * as os from 'node:os';
import type { ProviderIo, TargetIdentity } from '../ports/provider.ts';

/** Whose files these are: this machine, in this boot. */
export function hostIdentity(io: ProviderIo): TargetIdentity {
  return { host: os.hostname(), bootId: io.clock.bootId() };
}
