import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { entryOf, findAbsent } from './check-lockfile.ts';

describe('the lockfile check', () => {
  it('finds the platform packages that npm left out', () => {
    const absent = findAbsent({
      '': {},
      'node_modules/a': {
        optionalDependencies: { 'a-linux-x64': '1.0.0', 'a-win32-x64': '1.0.0' },
      },
      'node_modules/a-linux-x64': {},
    });
    assert.deepEqual(absent, [{ name: 'a-win32-x64', version: '1.0.0' }]);
  });

  it('reads the platform of a package from its name', () => {
    const entry = (name: string) => entryOf({ name, version: '1.2.3' });
    assert.deepEqual(entry('@a/binding-linux-arm-musleabihf'), {
      version: '1.2.3',
      cpu: ['arm'],
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    });
    assert.deepEqual(entry('@a/binding-win32-x64-msvc'), {
      version: '1.2.3',
      cpu: ['x64'],
      optional: true,
      os: ['win32'],
    });
  });

  it('refuses to guess a version or a platform', () => {
    const guess = (name: string, version: string) => () => entryOf({ name, version });
    assert.throws(guess('fsevents', '2.3.3'), /no exact version and platform/);
    assert.throws(guess('a-linux-x64', '^1.0.0'), /no exact version and platform/);
  });
});
