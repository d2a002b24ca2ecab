import type { ProviderIo } from '../ports/provider.ts';
import type { TreeScope } from './compare/tree-scope.ts';

/** A slow disk with gigabytes of others' dirty pages. */
const SYNC_TIMEOUT_MS = 120_000;

/** Bytes written before the disk is set to work beside us. */
const BACKGROUND_BYTES = 64 * 1024 * 1024;

/**
 * Makes everything on the file systems of a scope survive power loss, with one syncfs(2) each by
 * coreutils' `sync`, which Node lacks; false when that was not possible. For many files this is
 * cheaper than their fsyncs by orders of magnitude.
 */
export async function syncFileSystems(scope: TreeScope, io: ProviderIo): Promise<boolean> {
  const bases = [...new Set(scope.roots.map(({ base }) => base))];
  if (bases.some((base) => base.includes('\\'))) return false;
  const ran = await io.run(['sync', '-f', '--', ...bases], { timeoutMs: SYNC_TIMEOUT_MS });
  return ran.ok && ran.value.exitCode === 0;
}

/** Lets the disk write what is there already while more is being prepared. */
export class WriteBehind {
  readonly #scope: TreeScope;
  readonly #io: ProviderIo;
  #bytes = 0;
  #running: Promise<unknown> | undefined;

  constructor(scope: TreeScope, io: ProviderIo) {
    this.#scope = scope;
    this.#io = io;
  }

  /** Counts bytes that were written; does not wait. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < BACKGROUND_BYTES || this.#running !== undefined) return;
    this.#bytes = 0;
    // Whether it succeeds does not matter here: the caller syncs at the end in any case.
    this.#running = syncFileSystems(this.#scope, this.#io).finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits until nothing is at work beside. */
  async end(): Promise<void> {
    await this.#running;
  }
}
