import { shellQuote } from '../../../base/shell-quote.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { commandLine } from '../../../filetree/compare/put-back-commands.ts';
import { folderName } from '../../../filetree/compare/path-text.ts';
import { treeScope } from '../../../filetree/compare/tree-scope.ts';
import { askFolderWriting } from '../../../filetree/folder-writing.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import { requireExpectedTree, writeTree, type TreeWritten } from '../../../filetree/write-tree.ts';
import { foreignChange } from '../../../filetree/foreign-change.ts';
import { localProvider } from '../../../local-provider/local-provider.ts';
import { changeAndNotice, runRestart } from '../../../local-provider/restart.ts';
import { restartOf, treeDisruption } from '../../../local-provider/spec-parts.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../../ports/provider.ts';
import { deploymentChanges, deploymentPlan } from './deployment-changes.ts';
import { deploymentSpec, releaseFolder, type DeploymentSpec } from './deployment-spec.ts';
import { readDeployment, readRelease, releaseScope } from './read-deployment.ts';
import { CURRENT, fromRelease, linkImage, targetOf } from './release-image.ts';

/**
 * A release folder behind a link. The whole release is captured with the link, so that going back
 * works offline and after the old folder was pruned or altered. Applying makes the release's own
 * folder equal file by file while nothing runs from it, then switches the link by one rename and
 * restarts. (A release that was altered while it is current is mended in place: the link's target
 * is part of the state, so a fresh folder name would not be the captured state.)
 */
export const deploymentProvider = localProvider<DeploymentSpec>({
  kind: 'deployment',
  carriesTraffic: false,
  specSchema: deploymentSpec,
  scope: { less: ['exclude'], same: ['current', 'releases'] },
  disruption: treeDisruption,
  changes: deploymentChanges,
  byHand,
  plan: deploymentPlan,
  traits: () => ({}),
  async refusal({ current }) {
    const path = folderName(current);
    const writing = await askFolderWriting(path);
    if (writing.kind === 'writable') return undefined;
    return { notRestorableBecause: writing.why, lacks: { access: 'write', path } };
  },
  look: readDeployment,
  validate,
  apply,
});

/** The release beside the others again, then the link to it, by one rename. */
function byHand(
  spec: DeploymentSpec | undefined,
  image: StateImage,
  folder: string,
): readonly string[] {
  const target = targetOf(image) ?? '';
  const current = spec?.current ?? 'CURRENT';
  const [link, fresh] = [shellQuote(current), shellQuote(`${current}.new`)];
  return [
    `# the release lies in ${folder}/release; ${current} led to ${target}`,
    `release=$(cd "$(dirname ${link})" && realpath -m ${shellQuote(target)})`,
    `mkdir -p "$release" && cp -a ${shellQuote(folder)}/release/. "$release"/`,
    `ln -sfn ${shellQuote(target)} ${fresh} && mv -T ${fresh} ${link}`,
    ...commandLine(spec?.restart),
  ];
}

async function validate(
  spec: DeploymentSpec,
  desired: StateImage,
  io: ProviderIo,
): Promise<Result<readonly string[]>> {
  const target = targetOf(desired);
  if (target === undefined) return ok([]);
  const folder = releaseFolder(spec, target);
  if (folder === undefined) return ok([`${target} lies outside of the releases`]);
  const now = await readRelease(spec, folder, io, false);
  if (!now.ok) return now;
  const scope = releaseScope(spec, folder);
  const wanted = fromRelease(desired, folder);
  const present = await readDeployment(spec, io, false);
  if (!present.ok) return present;
  const linkNow = linkImage(present.value.image, spec.current);
  const link = linkImage(desired, spec.current);
  return ok([
    ...(await validateTree(scope, now.value.image, wanted, io)),
    ...(await validateTree(treeScope([spec.current], []), linkNow, link, io)),
  ]);
}

async function apply(
  spec: DeploymentSpec,
  task: ApplyTask,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const now = await readDeployment(spec, io, false);
  if (!now.ok) return now;
  const foreign = foreignChange(task, now.value.image);
  if (foreign !== undefined) return err(foreign);
  const { desired } = task;
  const links = {
    scope: treeScope([spec.current], []),
    now: linkImage(now.value.image, spec.current),
    desired: linkImage(desired, spec.current),
    stampAt: () => undefined,
  };
  const restart = restartOf(spec);
  return changeAndNotice(
    {
      owes: restart !== undefined,
      async change(beforeChange) {
        const beforeRelease = async (): Promise<void> => {
          // A release may take long to write: nothing of it is put in place for a moved link.
          await requireExpectedTree(links, [spec.current], io);
          await beforeChange();
        };
        const release = await writeRelease(spec, desired, beforeRelease, io);
        if (!release.ok) return release;
        const { kind } = release.value;
        if (kind !== 'done' && kind !== 'equal') return release;
        return afterRelease(kind, await writeTree({ ...links, beforeChange }, [spec.current], io));
      },
      notice: async (isOwed) => (isOwed ? runRestart(restart, io) : { kind: 'done' }),
    },
    io,
  );
}

/** What became of both: a link that could not be switched is no clean failure after a change. */
function afterRelease(release: 'done' | 'equal', link: Result<TreeWritten>): Result<TreeWritten> {
  if (release === 'equal') return link;
  if (!link.ok) return ok({ kind: 'unknown', why: link.error.detail });
  const { value } = link;
  if (value.kind === 'equal') return ok({ kind: 'done' });
  return value.kind === 'failed-clean' ? ok({ kind: 'unknown', why: value.why }) : link;
}

/** Makes the folder of the desired release exactly what was captured; all of it, always. */
async function writeRelease(
  spec: DeploymentSpec,
  desired: StateImage,
  beforeChange: () => Promise<void>,
  io: ProviderIo,
): Promise<Result<TreeWritten>> {
  const target = targetOf(desired);
  if (target === undefined) {
    const isEmpty = desired.items.every(({ path }) => path !== CURRENT);
    if (isEmpty) return ok({ kind: 'equal' });
    return err(lgError('LG_PROVIDER_APPLY_FAILED', `${spec.current} was no link when captured`));
  }
  const folder = releaseFolder(spec, target);
  if (folder === undefined) {
    const what = `${spec.current}: ${target} lies outside of the releases`;
    return err(lgError('LG_PROVIDER_APPLY_FAILED', what));
  }
  const now = await readRelease(spec, folder, io, false);
  if (!now.ok) return now;
  const wanted = fromRelease(desired, folder);
  const paths = [...now.value.image.items, ...wanted.items].map(({ path }) => path);
  const writing = {
    scope: releaseScope(spec, folder),
    now: now.value.image,
    stampAt: now.value.stampAt,
    desired: wanted,
    beforeChange,
  };
  return writeTree(writing, paths, io);
}
