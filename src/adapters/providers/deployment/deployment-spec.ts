import { z } from 'zod';
import { folderName } from '../../../filetree/compare/path-text.ts';
import { absolutePath, treeParts } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `deployment`. */
export const deploymentSpec = z.strictObject({
  current: absolutePath.describe('The symbolic link that says which release runs.'),
  releases: absolutePath
    .optional()
    .describe(
      'The folder of the releases; absent: the folder of `current`. Nothing outside is written.',
    ),
  ...treeParts,
});

/** As parsed. */
export type DeploymentSpec = z.output<typeof deploymentSpec>;

/**
 * The folder a link's target names; undefined when it lies outside of the releases. Judged by the
 * words alone: what is on the way is opened without following links.
 */
export function releaseFolder(spec: DeploymentSpec, target: string): string | undefined {
  const home = folderName(spec.current);
  const parts: string[] = [];
  for (const part of (target.startsWith('/') ? target : `${home}/${target}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const folder = `/${parts.join('/')}`;
  const releases = (spec.releases ?? home).replace(/\/+$/, '');
  const isInside = folder.startsWith(releases === '/' ? '/' : `${releases}/`);
  return isInside && folder !== spec.current ? folder : undefined;
}
