import type { BigIntStats } from 'node:fs';
import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { openFolder, type AnchoredFolder } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import { TEMPORARY_NAME, type TreeRoot, type TreeScope } from './compare/tree-scope.ts';
import { accessOf, Breather, type FileAccess } from './file-access.ts';

/** One entry that a walk came by; what is given lives as long as the visit. */
export interface Visit {
  readonly path: string;
  readonly stat: BigIntStats;
  /** The folder it is in, and how files there are reached. */
  readonly folder: AnchoredFolder;
  readonly access: FileAccess;
}

/** What a walk tells, in the order it finds it: a folder before what is in it. */
export interface TreeVisitor {
  file(visit: Visit): Promise<void>;
  link(visit: Visit): Promise<void>;
  folder(visit: Visit): void;
  /** A device, a pipe or a socket. */
  special(path: string): void;
  excluded(path: string): void;
  /** A temporary file of a write, of ours or of somebody else's; absent: it is passed over. */
  leftover?(folder: AnchoredFolder, name: string): Promise<void>;
  /** A folder whose names cannot be listed; it was told as a folder before. */
  unreadable(path: string, why: string): void;
}

/** Folders within folders; every level holds a descriptor open. */
const DEPTH_MAX = 128;

/**
 * Walks the roots of a scope, every folder through its open parent and never through a link.
 * LG_PROVIDER_TOO_LARGE for a tree that is too deep; throws when the signal aborts.
 */
export async function walkTree(
  scope: TreeScope,
  visitor: TreeVisitor,
  signal: AbortSignal,
): Promise<Result<void>> {
  const walk = new Walk(scope, visitor, signal);
  for (const root of scope.roots) {
    const walked = await walk.root(root);
    if (!walked.ok) return walked;
  }
  return ok(undefined);
}

class Walk {
  readonly #scope: TreeScope;
  readonly #visitor: TreeVisitor;
  readonly #signal: AbortSignal;
  readonly #breather = new Breather();

  constructor(scope: TreeScope, visitor: TreeVisitor, signal: AbortSignal) {
    this.#scope = scope;
    this.#visitor = visitor;
    this.#signal = signal;
  }

  async root(root: TreeRoot): Promise<Result<void>> {
    let base: AnchoredFolder;
    try {
      base = await openFolder(root.base);
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') this.#visitor.unreadable(root.base, wordOf(thrown));
      return ok(undefined);
    }
    try {
      const access = await accessOf(root.base);
      if (root.pattern === undefined) return await this.#entry(base, root.path, access, 1);
      return await this.#search(base, root, root.base, access, 1);
    } finally {
      await base.close();
    }
  }

  /** Looks for what matches a pattern, no deeper than it can match. */
  async #search(
    folder: AnchoredFolder,
    root: TreeRoot,
    path: string,
    access: FileAccess,
    depth: number,
  ): Promise<Result<void>> {
    for (const name of (await folder.names()).toSorted()) {
      const child = join(path, name);
      if (TEMPORARY_NAME.test(name)) await this.#visitor.leftover?.(folder, name);
      if (this.#scope.excludes(child)) continue;
      if (root.pattern?.test(child) === true) {
        const walked = await this.#entry(folder, child, access, depth);
        if (!walked.ok) return walked;
      } else if (depth < root.depthMax) {
        const walked = await this.#within(folder, child, (below) =>
          this.#search(below, root, child, access, depth + 1),
        );
        if (!walked.ok) return walked;
      }
    }
    return ok(undefined);
  }

  /** One entry and, for a folder, everything below. */
  async #entry(
    folder: AnchoredFolder,
    path: string,
    access: FileAccess,
    depth: number,
  ): Promise<Result<void>> {
    const stat = await access.lstat(folder.at(baseName(path)));
    if (stat === undefined) return ok(undefined);
    const visit = { path, stat, folder, access };
    if (stat.isDirectory()) return this.#folder(visit, depth);
    await this.#leaf(visit);
    return ok(undefined);
  }

  async #leaf(visit: Visit): Promise<void> {
    this.#signal.throwIfAborted();
    await this.#breather.breathe();
    if (visit.stat.isFile()) await this.#visitor.file(visit);
    else if (visit.stat.isSymbolicLink()) await this.#visitor.link(visit);
    else this.#visitor.special(visit.path);
  }

  async #folder(visit: Visit, depth: number): Promise<Result<void>> {
    const { path, folder, access } = visit;
    if (depth > DEPTH_MAX) {
      const what = `${path} is more than ${DEPTH_MAX} folders deep`;
      return err(lgError('LG_PROVIDER_TOO_LARGE', what));
    }
    this.#visitor.folder(visit);
    return this.#within(folder, path, (below) => this.#children(below, path, access, depth + 1));
  }

  /** Files first, then folders, so that one descriptor a level is open. */
  async #children(
    folder: AnchoredFolder,
    path: string,
    access: FileAccess,
    depth: number,
  ): Promise<Result<void>> {
    const folders: Visit[] = [];
    for (const name of (await folder.names()).toSorted()) {
      if (TEMPORARY_NAME.test(name)) {
        await this.#visitor.leftover?.(folder, name);
        continue;
      }
      const child = join(path, name);
      if (this.#scope.excludes(child)) {
        this.#visitor.excluded(child);
        continue;
      }
      const stat = await access.lstat(folder.at(name));
      if (stat === undefined) continue;
      const visit = { path: child, stat, folder, access };
      if (stat.isDirectory()) folders.push(visit);
      else await this.#leaf(visit);
    }
    for (const visit of folders) {
      const walked = await this.#folder(visit, depth);
      if (!walked.ok) return walked;
    }
    return ok(undefined);
  }

  async #within(
    folder: AnchoredFolder,
    path: string,
    visit: (below: AnchoredFolder) => Promise<Result<void>>,
  ): Promise<Result<void>> {
    let below: AnchoredFolder;
    try {
      below = await folder.open(baseName(path));
    } catch (thrown) {
      const code = systemCode(thrown);
      // A file, a link or something that went away meanwhile is no folder to look into.
      const isNone = code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENOENT';
      if (!isNone) this.#visitor.unreadable(path, wordOf(thrown));
      return ok(undefined);
    }
    try {
      return await visit(below);
    } finally {
      await below.close();
    }
  }
}

function wordOf(thrown: unknown): string {
  return systemCode(thrown) ?? messageOf(thrown);
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
