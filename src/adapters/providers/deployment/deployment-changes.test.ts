import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../../base/result.ts';
import { stateImage, type StateImage } from '../../../model/checkpoint/capture.ts';
import { isBlobHash } from '../../../model/checkpoint/image-blob.ts';
import { sha256 } from '../../../base/hash.ts';
import { deploymentChanges, deploymentPlan } from './deployment-changes.ts';
import { deploymentSpec, releaseFolder, type DeploymentSpec } from './deployment-spec.ts';

const state = { id: 'shop/deployment', component: 'shop', provider: 'deployment', spec: {} };

function specOf(settings: Readonly<Record<string, unknown>> = {}): DeploymentSpec {
  const parsed = deploymentSpec.safeParse({ current: '/srv/shop/current', ...settings });
  return unwrap(
    parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: parsed.error },
  );
}

function release(version: string, files: readonly string[]): StateImage {
  const owner = { uid: 0, gid: 0 };
  return stateImage([
    { path: 'current', attributes: { ...owner, type: 'link', target: `releases/${version}` } },
    { path: 'release', attributes: { ...owner, type: 'folder', mode: '0755' } },
    ...files.map((name) => ({
      path: `release/${name}`,
      attributes: { ...owner, type: 'file', mode: '0644' },
      content: [sha256(`${version} ${name}`)].filter(isBlobHash),
      size: 10,
    })),
  ]);
}

const many = Array.from({ length: 300 }, (_, at) => `file${at}.js`);

test('the switch of the release comes first, in the words of the link', () => {
  const [before, after] = [release('v1', ['a.js']), release('v2', ['a.js'])];
  const [first] = deploymentChanges(state, before, after, 'restart');
  assert.deepEqual(
    [first?.path, first?.before, first?.after],
    ['current', 'releases/v1', 'releases/v2'],
  );
});

test('hundreds of different files between two releases are told in one line', () => {
  const changes = deploymentChanges(
    state,
    release('v1', many),
    release('v2', many.slice(1)),
    'none',
  );
  assert.equal(changes.length, 2);
  const names = 'file0.js, file1.js, file10.js, file100.js, file101.js';
  assert.equal(changes[1]?.after, `0 new, 1 gone, 299 changed: ${names} and 295 more`);
});

test('within one release every altered file is told', () => {
  const altered = { items: release('v2', many).items.filter(({ path }) => path !== 'current') };
  const [link] = release('v1', []).items;
  assert.ok(link !== undefined);
  const now = stateImage([link, ...altered.items]);
  assert.equal(deploymentChanges(state, release('v1', many), now, 'none').length, 300);
});

test('a plan names what a person would type: the link by one step, then the restart', () => {
  const spec = specOf({ restart: ['systemctl', 'restart', 'shop'] });
  const [step] = deploymentPlan(spec, release('v2', ['a.js']), release('v1', ['a.js']));
  assert.deepEqual(step?.commands, [
    '# make /srv/shop/releases/v1 as it was captured',
    'ln -sfn releases/v1 /srv/shop/current',
    'systemctl restart shop',
  ]);
  assert.equal(step?.disruption, 'restart');
});

test('a link that leads out of the releases names no release', () => {
  const spec = specOf({ releases: '/srv/shop/releases' });
  const inside = ['releases/v1', '/srv/shop/releases/v1', 'releases/../releases/v1'];
  const outside = ['/etc', '../other', 'releases', 'releases/../../etc', '.', '/srv/shop/current'];
  for (const target of inside) {
    assert.equal(releaseFolder(spec, target), '/srv/shop/releases/v1', target);
  }
  for (const target of outside) assert.equal(releaseFolder(spec, target), undefined, target);
});
