import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { examineDisk, examineKey } from '../../src/daemon/backend/examine-folder.ts';
import { grantFor } from '../../src/daemon/backend/grants.ts';
import { member, realDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';

const owner = { user: 'lastgood', isRoot: false };

test('doctor captures every state for real and tells key, disk and versions', async () => {
  await using daemon = await realDaemon();
  await fs.chmod(daemon.folder, 0o755);
  const etc = join(daemon.folder, 'etc');
  await fs.mkdir(etc);
  await fs.writeFile(join(etc, 'app.conf'), 'a = 1\n');
  const [ui = 0] = await freePorts(1);
  await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false,
  syslogTcp: false }
sources: []
components:
  - name: app
    state: [ { provider: files, paths: [${JSON.stringify(etc)}] },
      { provider: command, capture: ["false"], apply: ["true"] } ]
checkpoints: { schedule: false }
`);
  const { code, printed, complaint } = await daemon.run(['doctor']);
  assert.equal(code, 1, complaint);
  const findings = member(printed[0], 'findings');
  assert.ok(Array.isArray(findings));
  const about = (area: string, subject: string) =>
    findings.filter((one) => member(one, 'area') === area && member(one, 'subject') === subject);
  const [files] = about('provider', 'app/files');
  assert.equal(member(files, 'ok'), true);
  assert.match(String(member(files, 'seen')), /^2 items, 6 bytes captured in \d+ ms$/);
  const [command] = about('provider', 'app/command');
  assert.match(String(member(command, 'seen')), /`false` exited 1/);
  const key = about('key', join(daemon.folder, 'data', 'key'));
  assert.match(String(member(key[0], 'seen')), /mode 0600/);
  assert.match(String(member(key[1], 'seen')), /keep a copy elsewhere/);
  const [disk] = about('disk', join(daemon.folder, 'data'));
  assert.match(String(member(disk, 'seen')), /free, fsync \d+ ms/);
  for (const subject of ['lastgood', 'sqlite', 'kernel']) {
    assert.equal(member(about('version', subject)[0], 'ok'), true, subject);
  }
});

test('a right that is missing is told as the command that grants it', () => {
  const folder = { access: 'write', path: '/usr/lib' } as const;
  assert.match(
    grantFor(folder, owner),
    /^setfacl -R -m u:lastgood:rwX,d:u:lastgood:rwX \/usr\/lib;/,
  );
  const file = { access: 'read', path: '/etc/hostname' } as const;
  assert.equal(grantFor(file, owner), 'setfacl -m u:lastgood:rX /etc/hostname');
  assert.match(grantFor({ access: 'root' }, owner), /lastgood-host/);
  assert.match(grantFor(file, { user: 'root', isRoot: true }), /lsattr/);
});

test('a key that others may read, and a folder that cannot be written, are wrong', async (t) => {
  const folder = await fs.mkdtemp('/tmp/lastgood-doctor-');
  t.after(() => fs.rm(folder, { recursive: true, force: true }));
  const key = join(folder, 'key');
  await fs.writeFile(key, 'x', { mode: 0o644 });
  const [exposed] = await examineKey({ key, root: folder }, 'k_1');
  assert.deepEqual([exposed?.ok, exposed?.mend], [false, `chmod 600 ${key}`]);
  const [missing] = await examineKey({ key: join(folder, 'none'), root: folder }, 'k_1');
  assert.equal(missing?.ok, false);
  assert.equal((await examineDisk(join(folder, 'nowhere'))).ok, false);
});
