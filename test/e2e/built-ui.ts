import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { buildWeb } from '../../scripts/build-web.ts';

const root = join(import.meta.dirname, '..', '..');

/** The folder of the built UI; builds it where `npm ci` has not. */
export function builtUi(): string {
  const folder = join(root, 'dist', 'web');
  if (!existsSync(join(folder, 'index.html'))) buildWeb(root);
  return folder;
}
