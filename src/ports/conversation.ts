import type { Result } from '../base/result.ts';

/** How a command is spoken with. */
export interface ConverseOptions {
  /** For the whole conversation. */
  readonly timeoutMs: number;
  /** Added to the small clean environment every command gets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Both ends of a command that runs. */
export interface Conversation {
  write(bytes: Uint8Array): void;
  /**
   * What it said since, at least one byte. LG_PROVIDER_TIMEOUT when it says nothing for so long,
   * which leaves it running; LG_PROVIDER_COMMAND_FAILED, with its last words, once it ended.
   */
  read(timeoutMs: number): Promise<Result<Uint8Array>>;
}

/**
 * Runs a command as `ProviderIo.run` does and lets `talk` speak with it; it is ended, with its
 * group, as soon as that has answered, at the deadline, and on abort.
 */
export type Converse = <Answer>(
  command: readonly string[],
  options: ConverseOptions,
  talk: (conversation: Conversation) => Promise<Result<Answer>>,
) => Promise<Result<Answer>>;
