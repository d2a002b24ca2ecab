import type { LastgoodError } from '../../base/error.ts';
import type { Result } from '../../base/result.ts';
import type { Vault } from '../../ports/vault.ts';
import type { Host } from './start-local-host.ts';

/** A host runner in a process of its own, with more rights than the core. */
export interface HostRunnerLink {
  /** Resolves when it is gone for good: the core cannot do without it, nor bring it back. */
  readonly lost: Promise<LastgoodError>;
  /** Gives it the vault and lets it serve. LG_RUNTIME_… or LG_KEY_… when it cannot. */
  start(vault: Vault): Promise<Result<Host>>;
  /** Cancels what is at work there. Idempotent. */
  stop(): Promise<void>;
}
