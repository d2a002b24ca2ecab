'use strict';

const { createHash } = require('node:crypto');
const { readdirSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

/**
 * What a build was made from: path, size and time of change of every source file. One look at
 * each file costs 10 ms; reading them all would cost as much as the build saves.
 */
function sourceStamp(packageRoot) {
  const sources = join(packageRoot, 'src');
  const hash = createHash('sha256');
  for (const name of readdirSync(sources, { recursive: true }).sort()) {
    const { size, mtimeMs } = statSync(join(sources, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Where a build keeps the stamp of its sources; written last, so a half build has none. */
function stampFile(packageRoot) {
  return join(packageRoot, 'dist', 'sources.sha256');
}

/** Whether `dist` was built from exactly the sources that lie beside it. */
function isBuildFresh(packageRoot) {
  try {
    return readFileSync(stampFile(packageRoot), 'utf8') === sourceStamp(packageRoot);
  } catch {
    return false;
  }
}

module.exports = { isBuildFresh, sourceStamp, stampFile };
