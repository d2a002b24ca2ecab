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
   * What it said since, at least one byte; undefined when it says nothing for so long, which leaves
   * it running. What nobody reads waits with the command, not in our memory.
   * LG_PROVIDER_COMMAND_FAILED, with its last words, once it ended; LG_PROVIDER_TIMEOUT once the
   * whole conversation took too long.
   */
  read(timeoutMs: number): Promise<Result<Uint8Array | undefined>>;
  /** Kills it with its group; nothing more it says is heard. */
  hangUp(): void;
}

/**
 * Runs a command as `ProviderIo.run` does and lets `talk` speak with it; it is ended, with its
 * group, as soon as that has answered, at the deadline, and on abort. Whoever left the group and
 * keeps its pipes is not waited for.
 */
export type Converse = <Answer>(
  command: readonly string[],
  options: ConverseOptions,
  talk: (conversation: Conversation) => Promise<Result<Answer>>,
) => Promise<Result<Answer>>;
