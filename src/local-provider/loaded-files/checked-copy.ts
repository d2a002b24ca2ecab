import * as fs from 'node:fs/promises';
import { unwrap } from '../../base/result.ts';
import { treeScope, type TreeScope } from '../../filetree/compare/tree-scope.ts';
import { folderName } from '../../filetree/compare/path-text.ts';
import { exists } from '../../filetree/exists.ts';
import { writeTree } from '../../filetree/write-tree.ts';
import { lastWords } from '../../model/checkpoint/secret-text.ts';
import type { StateImage } from '../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../ports/provider.ts';
import { inPrivateFolder } from '../private-folder.ts';

/** A tree as it is and as it is wanted, and the command that judges it in its place. */
export interface CopyCheck {
  readonly scope: TreeScope;
  readonly now: StateImage;
  readonly desired: StateImage;
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** The last words of a program that refuses its files. */
const SAID_CHARS = 500;

/** Configurations are small; more is content that no program checks. */
const COPY_BYTES_MAX = 64 * 1024 * 1024;

/** Puts each copy in the place of its original, for this command and its children alone. */
const IN_PLACE = `set -e
while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done
shift
exec "$@"`;

/**
 * Lets a program judge files as if they were in place already: the wanted tree is made beside the
 * original, which it covers in a mount namespace of the check's own. Answers what the program says
 * against it; undefined where such a check is not to be had: without the right to make namespaces,
 * for patterns, and for places that do not exist yet.
 */
export async function checkCopy(check: CopyCheck, io: ProviderIo): Promise<string | undefined> {
  if (!isPlain(check) || !(await mayMount(check, io))) return undefined;
  return inPrivateFolder(io, (folder) => checkIn(folder, check, io));
}

async function checkIn(
  folder: string,
  check: CopyCheck,
  io: ProviderIo,
): Promise<string | undefined> {
  const { timeoutMs } = check;
  const places: string[] = [];
  for (const { path } of check.scope.roots) {
    const copy = `${folder}${path}`;
    if (!(await exists(path))) return undefined;
    await fs.mkdir(folderName(copy), { recursive: true });
    unwrap(await io.run(['cp', '-a', '-T', '--', path, copy], { timeoutMs }));
    places.push(copy, path);
  }
  if (!(await makeAsWanted(folder, check, io))) return undefined;
  const words = [...namespace(), 'sh', '-c', IN_PLACE, 'sh', ...places, '--', ...check.command];
  const ran = unwrap(await io.run(words, { timeoutMs }));
  if (ran.exitCode === 0) return undefined;
  return lastWords(ran.stderr, SAID_CHARS) || `it exited ${ran.exitCode}`;
}

/** Whether the tree is small and its places are given by plain paths. */
function isPlain({ scope, now, desired }: CopyCheck): boolean {
  const sizes = [now, desired].map(({ items }) =>
    items.reduce((sum, { size = 0 }) => sum + size, 0),
  );
  if (Math.max(...sizes) > COPY_BYTES_MAX) return false;
  return scope.roots.every(({ path, pattern }) => pattern === undefined && !path.includes('\\'));
}

/** Brings the copy to the wanted form; false when there is no room for it. */
async function makeAsWanted(
  folder: string,
  { scope, now, desired }: CopyCheck,
  io: ProviderIo,
): Promise<boolean> {
  const moved = (image: StateImage): StateImage => ({
    items: image.items.map((item) => ({ ...item, path: `${folder}${item.path}` })),
  });
  const roots = scope.roots.map(({ path }) => `${folder}${path}`);
  const writing = {
    scope: treeScope(roots, []),
    now: moved(now),
    desired: moved(desired),
    stampAt: () => undefined,
    beforeChange: async () => undefined,
  };
  const paths = [...writing.now.items, ...writing.desired.items].map(({ path }) => path);
  const written = await writeTree(writing, paths, io);
  return written.ok && (written.value.kind === 'done' || written.value.kind === 'equal');
}

/** Root needs a mount namespace only; others need a user namespace, which a host may forbid. */
function namespace(): readonly string[] {
  const user = process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return ['unshare', ...user, '--mount', '--propagation', 'private', '--'];
}

async function mayMount({ timeoutMs }: CopyCheck, io: ProviderIo): Promise<boolean> {
  const words = [...namespace(), 'sh', '-c', 'mount --bind /tmp /tmp'];
  const tried = await io.run(words, { timeoutMs });
  return tried.ok && tried.value.exitCode === 0;
}
