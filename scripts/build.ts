import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sourceStamp, stampFile } from '../bin/build-stamp.js';
import { buildWeb, run } from './build-web.ts';

/**
 * Builds what `npm start` runs and `npm pack` ships: JavaScript with type declarations, because
 * Node strips no types under `node_modules`, and the web UI. `npm ci` runs this (as `prepare`), so
 * that `npm start` needs no other command. `dist` is emptied first, so no file of yesterday stays.
 */
const root = join(import.meta.dirname, '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });
const stamp = sourceStamp(root);
run(root, 'tsc', ['--project', 'tsconfig.build.json']);
buildWeb(root);
writeFileSync(stampFile(root), stamp);
