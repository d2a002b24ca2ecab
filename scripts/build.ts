import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { buildWeb, run } from './build-web.ts';

/**
 * Builds what `npm pack` ships: JavaScript with type declarations, because Node strips no types
 * under `node_modules`, and the web UI. `dist` is emptied first, so no file of yesterday is packed.
 */
const root = join(import.meta.dirname, '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });
run(root, 'tsc', ['--project', 'tsconfig.build.json']);
buildWeb(root);
