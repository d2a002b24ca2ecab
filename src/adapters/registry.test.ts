import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ADAPTERS, PROVIDERS, SOURCE_SCHEMAS, STATE_SCHEMAS } from './registry.ts';

/** The adapters that lie in the folders, as `family/name`. */
function foldersHere(): readonly string[] {
  const folders = (path: string): readonly string[] =>
    readdirSync(join(import.meta.dirname, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  return folders('.').flatMap((family) => folders(family).map((name) => `${family}/${name}`));
}

test('the registry lists exactly the adapters that are there, in order', () => {
  const listed = ADAPTERS.map(({ family, name }) => `${family}/${name}`);
  assert.ok(listed.length > 0);
  assert.deepEqual(listed, foldersHere().toSorted());
});

test('every provider of the list can be configured and bears the name of its folder', () => {
  const listed = ADAPTERS.filter(({ family }) => family === 'providers').map(({ name }) => name);
  assert.deepEqual([...PROVIDERS.keys()], listed);
  assert.deepEqual([...STATE_SCHEMAS.keys()], listed);
  for (const [kind, provider] of PROVIDERS) assert.equal(provider.kind, kind);
});

test('every source that can be configured is on the list', () => {
  const listed = ADAPTERS.filter(({ family }) => family === 'sources').map(({ name }) => name);
  for (const kind of SOURCE_SCHEMAS.keys()) assert.ok(listed.includes(kind), kind);
});
