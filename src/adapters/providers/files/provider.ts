import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { systemCode } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import { toNodePath } from '../../../filetree/anchored-folder.ts';
import { treeScope, type TreeScope } from '../../../filetree/compare/tree-scope.ts';
import { hostIdentity } from '../../../filetree/host-identity.ts';
import { readTree } from '../../../filetree/read-tree.ts';
import { oweRestart, owedRestart, runRestart } from '../../../filetree/restart.ts';
import { restartOf } from '../../../filetree/spec-parts.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import { writeTree } from '../../../filetree/write-tree.ts';
import { OWED_RESTART_PATH, stateImage, type StateImage } from '../../../model/capture.ts';
import type {
  Applied,
  Observation,
  Provider,
  ProviderCapabilities,
  ProviderIo,
} from '../../../ports/provider.ts';
import { filesChanges, filesPlan } from './files-changes.ts';
import { filesSpec, type FilesSpec } from './files-spec.ts';

/**
 * Files, folders and links with content, owner, mode and extended attributes. Every file is
 * replaced by one rename; links are never followed; a restart runs only when something changed.
 */
export const filesProvider: Provider<FilesSpec> = {
  kind: 'files',
  version: 1,
  specSchema: filesSpec,
  related: () => [],
  writers: () => [],
  diff: filesChanges,
  plan: filesPlan,
  capabilities,
  identify: async (_spec, io) => ok(hostIdentity(io)),
  observe: (spec, io) => look(spec, io, false),
  capture: (spec, io) => look(spec, io, true),
  validate,
  apply,
};

function scopeOf(spec: FilesSpec): TreeScope {
  return treeScope(spec.paths, spec.exclude, spec.secrets);
}

async function look(spec: FilesSpec, io: ProviderIo, store: boolean): Promise<Result<Observation>> {
  const { itemsMax, bytesMax } = spec;
  const limits = { itemsMax, bytesMax };
  const reading = { scope: scopeOf(spec), limits, cacheKey: 'tree', store };
  const read = await readTree(reading, io);
  if (!read.ok) return read;
  const owed = await owedRestart(restartOf(spec), io);
  if (owed.length === 0) return read;
  return ok({ ...read.value, image: stateImage([...read.value.image.items, ...owed]) });
}

async function capabilities(spec: FilesSpec): Promise<Result<ProviderCapabilities>> {
  const problem = await whyNotWritable(scopeOf(spec));
  return ok({
    atomic: 'per-item',
    idempotent: true,
    confirm: 'none',
    confirmSurvives: [],
    validateOnTarget: true,
    exactness: 'bytes',
    disruption: spec.restart === undefined ? 'none' : 'restart',
    partial: true,
    offline: true,
    dataBearing: false,
    restorable: problem === undefined,
    ...problem,
  });
}

/** A root is restorable when its folder, and it itself if it is one, may be written. */
async function whyNotWritable(
  scope: TreeScope,
): Promise<Pick<ProviderCapabilities, 'notRestorableBecause' | 'lacks'> | undefined> {
  for (const root of scope.roots) {
    const places = root.pattern === undefined ? [root.path, root.base] : [root.base];
    let refusal: Awaited<ReturnType<typeof whyNotWritable>>;
    for (const place of places) {
      try {
        const stat = await fs.lstat(toNodePath(place));
        if (!stat.isDirectory()) continue;
        await fs.access(toNodePath(place), constants.W_OK | constants.X_OK);
        refusal = undefined;
        // A writable folder can be restored within, even when the one above is not ours.
        break;
      } catch (thrown) {
        if (systemCode(thrown) === 'ENOENT') continue;
        const why = `${place} cannot be written: ${systemCode(thrown) ?? 'unknown reason'}`;
        refusal ??= { notRestorableBecause: why, lacks: { access: 'write', path: place } };
      }
    }
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

async function validate(
  spec: FilesSpec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const now = await look(spec, io, false);
  if (!now.ok) return now;
  const wanted = filesOnly(desired);
  return ok(await validateTree(scopeOf(spec), filesOnly(now.value.image), wanted, io));
}

async function apply(
  spec: FilesSpec,
  desired: StateImage,
  paths: readonly string[],
  io: ProviderIo,
): Promise<Result<Applied>> {
  const restart = restartOf(spec);
  const now = await look(spec, io, false);
  if (!now.ok) return now;
  const owed = (await owedRestart(restart, io)).length > 0;
  const writing = {
    scope: scopeOf(spec),
    now: filesOnly(now.value.image),
    desired: filesOnly(desired),
    beforeChange: () => oweRestart(restart, io),
  };
  const written = await writeTree(writing, paths, io);
  if (!written.ok) return written;
  if (written.value.kind === 'equal') {
    return ok(owed ? await runRestart(restart, io) : { kind: 'done' });
  }
  if (written.value.kind !== 'done') return ok(written.value);
  return ok(await runRestart(restart, io));
}

function filesOnly(image: StateImage): StateImage {
  return { items: image.items.filter(({ path }) => path !== OWED_RESTART_PATH) };
}
