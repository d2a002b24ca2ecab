import * as fs from 'node:fs/promises';
import { systemCode } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import { openFolder, readLink } from '../../../filetree/anchored-folder.ts';
import { baseName, folderName } from '../../../filetree/compare/path-text.ts';
import { attributesOf } from '../../../filetree/compare/tree-item.ts';
import { treeScope, type TreeScope } from '../../../filetree/compare/tree-scope.ts';
import { readTree, type TreeObservation } from '../../../filetree/read-tree.ts';
import { owedRestart } from '../../../local-provider/restart.ts';
import { stateImage, type StateItem } from '../../../model/checkpoint/capture.ts';
import type { Observation, ProviderIo } from '../../../ports/provider.ts';
import { releaseFolder, type DeploymentSpec } from './deployment-spec.ts';
import { CURRENT, toRelease } from './release-image.ts';

/** The scope of one release. */
export function releaseScope(spec: DeploymentSpec, folder: string): TreeScope {
  return treeScope([folder], spec.exclude, spec.secrets);
}

/** The link and everything of the release it leads to, so that going back needs nothing else. */
export async function readDeployment(
  spec: DeploymentSpec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<Observation>> {
  const owed = await owedRestart(spec.restart !== undefined, io);
  const link = await readCurrent(spec);
  if (link === undefined) return ok(observation(spec, owed, 'nothing is deployed'));
  const target = link.attributes['target'];
  const folder = typeof target === 'string' ? releaseFolder(spec, target) : undefined;
  if (folder === undefined) {
    const why =
      typeof target === 'string'
        ? `it leads to ${target}, outside of the releases`
        : 'it is no link';
    const attributes = { ...link.attributes, unreadable: true };
    const items = [{ ...link, attributes }, ...owed];
    return ok({ ...observation(spec, items), unreadable: [{ path: spec.current, why }] });
  }
  const release = await readRelease(spec, folder, io, store);
  if (!release.ok) return release;
  const items = [link, ...toRelease(release.value.image.items, folder), ...owed];
  return ok({ ...release.value, image: stateImage(items) });
}

/** Everything of one release, by its paths on the host. */
export function readRelease(
  spec: DeploymentSpec,
  folder: string,
  io: ProviderIo,
  store: boolean,
): Promise<Result<TreeObservation>> {
  const { itemsMax, bytesMax } = spec;
  const limits = { itemsMax, bytesMax };
  return readTree(
    // Each release has its own memory of stats: going back must not forget the other one.
    { scope: releaseScope(spec, folder), limits, cacheKey: `release ${folder}`, store },
    io,
  );
}

function observation(
  spec: DeploymentSpec,
  items: readonly StateItem[],
  remark?: string,
): Observation {
  const included = [remark === undefined ? spec.current : `${spec.current}: ${remark}`];
  return { image: stateImage(items), unreadable: [], coverage: { included, excluded: [] } };
}

/** The link; something else under its name counts as a folder nobody could read. */
async function readCurrent(spec: DeploymentSpec): Promise<StateItem | undefined> {
  const name = baseName(spec.current);
  try {
    const folder = await openFolder(folderName(spec.current));
    try {
      const stat = await fs.lstat(folder.at(name));
      const owner = { uid: stat.uid, gid: stat.gid };
      if (!stat.isSymbolicLink()) {
        const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
        const attributes = { type: 'folder', ...owner, mode } as const;
        return { path: CURRENT, attributes: attributesOf(attributes) };
      }
      const target = await readLink(folder, name);
      return { path: CURRENT, attributes: attributesOf({ type: 'link', ...owner, target }) };
    } finally {
      await folder.close();
    }
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
