import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootOf, treeScope } from './tree-scope.ts';

const cases: readonly (readonly [paths: string[], exclude: string[], path: string, is: boolean])[] =
  [
    [['/etc/app'], [], '/etc/app', true],
    [['/etc/app'], [], '/etc/app/sub/file', true],
    [['/etc/app/'], [], '/etc/app/file', true],
    [['/etc/app'], [], '/etc/apple', false],
    [['/etc/app'], [], '/etc', false],
    [['/etc/app'], [], '/etc/app/../passwd', false],
    [['/etc/app'], [], 'etc/app/file', false],
    [['/srv/*.conf'], [], '/srv/a.conf', true],
    [['/srv/*.conf'], [], '/srv/sub/a.conf', false],
    [['/srv/**/*.conf'], [], '/srv/sub/deep/a.conf', true],
    [['/srv/**/*.conf'], [], '/srv/a.conf', true],
    [['/srv/*'], [], '/srv/folder/below', true],
    [['/srv/[!a]?.conf'], [], '/srv/b1.conf', true],
    [['/srv/[!a]?.conf'], [], '/srv/a1.conf', false],
    [['/srv/{one,two}/etc'], [], '/srv/two/etc/file', true],
    [['/etc/app'], ['*.log'], '/etc/app/x.log', false],
    [['/etc/app'], ['cache'], '/etc/app/cache/deep/file', false],
    [['/etc/app'], ['/etc/app/tmp/**'], '/etc/app/tmp/x', false],
  ];

for (const [paths, exclude, path, isInside] of cases) {
  test(`${path} is ${isInside ? '' : 'not '}within ${paths.join(' ')} without ${exclude}`, () => {
    assert.equal(rootOf(treeScope(paths, exclude), path) !== undefined, isInside);
  });
}
