import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { systemCode } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toNodePath } from '../../../filetree/anchored-folder.ts';
import { folderName } from '../../../filetree/compare/path-text.ts';
import { treeScope } from '../../../filetree/compare/tree-scope.ts';
import { hostIdentity } from '../../../filetree/host-identity.ts';
import { oweRestart, owedRestart, runRestart } from '../../../filetree/restart.ts';
import { restartOf } from '../../../filetree/spec-parts.ts';
import { validateTree } from '../../../filetree/validate-tree.ts';
import { writeTree, type TreeWritten } from '../../../filetree/write-tree.ts';
import type { StateImage } from '../../../model/capture.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type {
  Applied,
  Lack,
  Provider,
  ProviderCapabilities,
  ProviderIo,
} from '../../../ports/provider.ts';
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
export const deploymentProvider: Provider<DeploymentSpec> = {
  kind: 'deployment',
  version: 1,
  specSchema: deploymentSpec,
  related: () => [],
  writers: () => [],
  diff: deploymentChanges,
  plan: deploymentPlan,
  capabilities,
  identify: async (_spec, io) => ok(hostIdentity(io)),
  observe: (spec, io) => readDeployment(spec, io, false),
  capture: (spec, io) => readDeployment(spec, io, true),
  validate,
  apply,
};

async function capabilities(spec: DeploymentSpec): Promise<Result<ProviderCapabilities>> {
  const problem = await whyNotWritable(folderName(spec.current));
  return ok({
    atomic: 'per-item',
    idempotent: true,
    confirm: 'none',
    confirmSurvives: [],
    validateOnTarget: true,
    exactness: 'bytes',
    disruption: spec.restart === undefined ? 'none' : 'restart',
    partial: false,
    offline: true,
    dataBearing: false,
    restorable: problem === undefined,
    ...(problem === undefined ? {} : { notRestorableBecause: problem, lacks: writeOf(spec) }),
  });
}

function writeOf(spec: DeploymentSpec): Lack {
  return { access: 'write', path: folderName(spec.current) };
}

async function whyNotWritable(folder: string): Promise<string | undefined> {
  try {
    await fs.access(toNodePath(folder), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (thrown) {
    return `${folder} cannot be written: ${systemCode(thrown) ?? 'unknown reason'}`;
  }
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
  desired: StateImage,
  _paths: readonly string[],
  io: ProviderIo,
): Promise<Result<Applied>> {
  const restart = restartOf(spec);
  const now = await readDeployment(spec, io, false);
  if (!now.ok) return now;
  const owed = (await owedRestart(restart, io)).length > 0;
  const release = await writeRelease(spec, desired, io);
  if (!release.ok) return release;
  if (release.value.kind !== 'done' && release.value.kind !== 'equal') return ok(release.value);
  const link = await writeTree(
    {
      scope: treeScope([spec.current], []),
      now: linkImage(now.value.image, spec.current),
      desired: linkImage(desired, spec.current),
      beforeChange: () => oweRestart(restart, io),
    },
    [spec.current],
    io,
  );
  if (!link.ok) return link;
  const isChanged = release.value.kind === 'done' || link.value.kind === 'done';
  if (link.value.kind === 'failed-clean' && isChanged) {
    return ok({ kind: 'unknown', why: link.value.why });
  }
  if (link.value.kind !== 'done' && link.value.kind !== 'equal') return ok(link.value);
  return ok(isChanged || owed ? await runRestart(restart, io) : { kind: 'done' });
}

/** Makes the folder of the desired release exactly what was captured; all of it, always. */
async function writeRelease(
  spec: DeploymentSpec,
  desired: StateImage,
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
    desired: wanted,
    beforeChange: () => oweRestart(restartOf(spec), io),
  };
  return writeTree(writing, paths, io);
}
