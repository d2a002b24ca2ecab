import { err, ok, type Result } from '../../../base/result.ts';
import {
  addedSinceCommands,
  commandLine,
  putBackCommands,
} from '../../../filetree/compare/put-back-commands.ts';
import { treeChanges } from '../../../filetree/compare/tree-changes.ts';
import { treeScope, type TreeScope } from '../../../filetree/compare/tree-scope.ts';
import { readTree, type TreeObservation } from '../../../filetree/read-tree.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import { writeTree } from '../../../filetree/write-tree.ts';
import { foreignChange } from '../../../filetree/foreign-change.ts';
import { localProvider } from '../../../local-provider/local-provider.ts';
import { changeAndNotice, owedRestart, runRestart } from '../../../local-provider/restart.ts';
import { restartOf, treeDisruption } from '../../../local-provider/spec-parts.ts';
import { treeRefusal } from '../../../local-provider/tree-refusal.ts';
import {
  OWED_RESTART_PATH,
  stateImage,
  type StateImage,
} from '../../../model/checkpoint/capture.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../../ports/provider.ts';
import { filesPlan } from './files-plan.ts';
import { filesSpec, type FilesSpec } from './files-spec.ts';

/**
 * Files, folders and links with content, owner, mode and extended attributes. Every file is
 * replaced by one rename; links are never followed; a restart runs only when something changed.
 */
export const filesProvider = localProvider<FilesSpec>({
  kind: 'files',
  carriesTraffic: false,
  specSchema: filesSpec,
  scope: { more: ['paths'], less: ['exclude'] },
  disruption: treeDisruption,
  changes: treeChanges,
  byHand: (spec, { items }, folder) => [
    ...putBackCommands(folder, items),
    ...commandLine(spec?.restart),
    ...addedSinceCommands(folder, spec?.paths ?? topOf(items)),
  ],
  plan: filesPlan,
  traits: () => ({ partial: true }),
  refusal: (spec) => treeRefusal(scopeOf(spec)),
  look,
  validate,
  apply,
});

/** What lies in nothing else of the image. */
function topOf(items: StateImage['items']): readonly string[] {
  const all = new Set(items.map(({ path }) => path));
  return [...all].filter((path) => !all.has(path.slice(0, path.lastIndexOf('/'))));
}

function scopeOf(spec: FilesSpec): TreeScope {
  return treeScope(spec.paths, spec.exclude, spec.secrets);
}

async function look(
  spec: FilesSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<TreeObservation>> {
  const { itemsMax, bytesMax } = spec;
  const limits = { itemsMax, bytesMax };
  const reading = { scope: scopeOf(spec), limits, cacheKey: 'tree', store };
  const read = await readTree(reading, io);
  if (!read.ok) return read;
  const owed = await owedRestart(spec.restart !== undefined, io);
  if (owed.length === 0) return read;
  return ok({ ...read.value, image: stateImage([...read.value.image.items, ...owed]) });
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

async function apply(spec: FilesSpec, task: ApplyTask, io: ProviderIo): Promise<Result<Applied>> {
  const now = await look(spec, io, false);
  if (!now.ok) return now;
  const foreign = foreignChange(task, now.value.image);
  if (foreign !== undefined) return err(foreign);
  const writing = {
    scope: scopeOf(spec),
    now: filesOnly(now.value.image),
    stampAt: now.value.stampAt,
    desired: filesOnly(task.desired),
  };
  const restart = restartOf(spec);
  return changeAndNotice(
    {
      owes: restart !== undefined,
      change: (beforeChange) => writeTree({ ...writing, beforeChange }, task.paths, io),
      notice: async (isOwed) => (isOwed ? runRestart(restart, io) : { kind: 'done' }),
    },
    io,
  );
}

function filesOnly(image: StateImage): StateImage {
  return { items: image.items.filter(({ path }) => path !== OWED_RESTART_PATH) };
}
