import type { ProviderIo } from '../ports/provider.ts';
import type { ItemPair } from './compare/tree-changes.ts';
import { ForeignChange, requireExpected } from './expected-item.ts';
import { Breather } from './file-access.ts';
import type { FolderCache } from './folder-cache.ts';

/** The items of one write as they were looked at, to be compared before each is changed. */
export class ExpectedTree {
  readonly #folders: FolderCache;
  readonly #stampAt: (path: string) => string | undefined;
  readonly #io: ProviderIo;

  constructor(folders: FolderCache, stampAt: (path: string) => string | undefined, io: ProviderIo) {
    this.#folders = folders;
    this.#stampAt = stampAt;
    this.#io = io;
  }

  /** Throws a `ForeignChange` unless every item is as it was looked at. */
  async requireAll(pairs: readonly ItemPair[]): Promise<void> {
    const breather = new Breather();
    for (const pair of pairs) {
      await breather.breathe();
      // A folder that this write made is ours already.
      if (!this.#folders.hasMade(pair.path)) await this.require(pair);
    }
  }

  /** Throws a `ForeignChange` unless the item is as it was looked at. */
  async require(pair: ItemPair): Promise<void> {
    const { path, from } = pair;
    const folder = await this.#folders.existing(path);
    if (folder === undefined) {
      if (from === undefined) return;
      throw new ForeignChange(`the folder of ${path} was removed or replaced by somebody else`);
    }
    const access = await this.#folders.accessOf(path);
    await requireExpected({ folder, access, stamp: this.#stampAt(path) }, pair, this.#io);
  }
}
