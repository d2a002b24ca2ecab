import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseUser, type DaemonUser } from './choose-user.ts';
import { handOver } from './hand-over.ts';
import { obstacleFor, sharedUserRemark } from './privilege.ts';

const passwd = `root:x:0:0::/root:/bin/sh
amy:x:1000:1000::/home/amy:/bin/sh
nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
`;
const group = `root:x:0:lastgood\nadm:x:4:syslog,lastgood\n`;
const root = { uid: 0, gid: 0 };
const nobody: DaemonUser = { name: 'nobody', uid: 65_534, gid: 65_534, groups: [65_534] };
const skip = process.getuid?.() === 0 ? false : 'SKIPPED: only root can act as somebody else';

test('the daemon becomes lastgood, else the owner of its data, else nobody', () => {
  const installed = `${passwd}lastgood:x:990:990::/:/bin/false\n`;
  const own = chooseUser({ passwd: installed, group }, { uid: 1000, gid: 1000 });
  assert.deepEqual(own, { name: 'lastgood', uid: 990, gid: 990, groups: [990, 4] });
  assert.equal(chooseUser({ passwd, group }, { uid: 1000, gid: 50 })?.name, 'amy');
  assert.deepEqual(chooseUser({ passwd, group }, { uid: 7, gid: 8 }), {
    name: '7',
    uid: 7,
    gid: 8,
    groups: [8],
  });
  for (const owner of [root, { uid: nobody.uid, gid: nobody.gid }]) {
    assert.deepEqual(
      chooseUser({ passwd, group }, owner),
      { ...nobody, groups: [65_534, 4] },
      'nobody, who reads the logs of the host that root told us to watch, at every start',
    );
  }
});

test('a key that nobody owns is told of, with the user to make', () => {
  const [remark] = sharedUserRemark(nobody, '/var/lib/lastgood/key');
  assert.match(remark?.what ?? '', /nobody can read its key \/var\/lib\/lastgood\/key$/);
  assert.match(remark?.mend ?? '', /useradd --system .*lastgood/);
  assert.deepEqual(sharedUserRemark({ ...nobody, name: 'lastgood' }, '/key'), []);
});

test('a user that is root by another name is never chosen', () => {
  const disguised = 'lastgood:x:0:0::/:/bin/sh\n';
  assert.equal(chooseUser({ passwd: disguised, group }, root), undefined);
});

test('what a user cannot reach is found by trying, with the folder to open', { skip }, () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lg-privilege-'));
  try {
    const needs = { dataRoot: join(folder, 'data'), files: [], ports: [] };
    assert.ok(obstacleFor(nobody, needs)?.mend.includes(`chmod o+x ${folder},`));
    fs.chmodSync(folder, 0o755);
    assert.equal(obstacleFor(nobody, needs), undefined);
    const key = join(folder, 'key');
    fs.writeFileSync(key, '', { mode: 0o600 });
    assert.match(obstacleFor(nobody, { ...needs, files: [key] })?.what ?? '', /EACCES/);
    assert.equal(process.geteuid?.(), 0, 'trying gives nothing up');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('handing data over follows no link and leaves the host folder to root', { skip }, async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'lg-hand-over-'));
  try {
    const data = join(folder, 'data');
    fs.mkdirSync(join(data, 'host'), { recursive: true });
    fs.mkdirSync(join(folder, 'outside'));
    fs.writeFileSync(join(folder, 'outside', 'linked'), '');
    fs.writeFileSync(join(data, 'mine'), '');
    fs.symlinkSync(join(folder, 'outside'), join(data, 'link'));
    fs.linkSync(join(folder, 'outside', 'linked'), join(data, 'second-name'));
    await handOver(data, 'host', nobody);
    const ownerOf = (path: string): number => fs.lstatSync(join(folder, path)).uid;
    assert.deepEqual(['data', 'data/mine', 'data/link'].map(ownerOf), Array(3).fill(nobody.uid));
    assert.deepEqual(
      ['data/host', 'outside', 'outside/linked', 'data/second-name'].map(ownerOf),
      Array(4).fill(0),
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
