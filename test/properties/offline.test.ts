import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { readProject } from '../../scripts/project-files.ts';

const PLANE = ['src/recovery/checkpoint', 'src/recovery/plan', 'src/recovery/rollback'];

/** Every way Node has to another machine. */
const NETWORK = /'node:(https?|http2|net|tls|dgram|dns|dns\/promises)'|\bfetch\(/;

test('nothing that plans, captures or runs a rollback speaks over a network', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = readProject(root, PLANE, (path) => /(?<!\.test)\.ts$/.test(path));
  assert.ok(files.length > 30, 'the recovery plane is somewhere else by now');
  const talking = files.filter(({ text }) => NETWORK.test(text)).map(({ path }) => path);
  assert.deepEqual(talking, []);
});
