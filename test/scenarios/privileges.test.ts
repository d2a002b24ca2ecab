import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { member, realDaemon, type RealDaemon } from '../place/real-daemon.ts';
import { listAt } from '../place/document.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';

const skip = process.getuid?.() === 0 ? false : 'SKIPPED: only root can give root up';

test(
  'started as root, only the host process keeps root, and it restores root files',
  { skip },
  async () => {
    await using daemon = await realDaemon();
    await fs.chmod(daemon.folder, 0o755);
    const file = join(daemon.folder, 'secret.conf');
    await fs.writeFile(file, 'one\n', { mode: 0o600 });
    await daemon.start(await configuration(file));
    const family = await familyOf(daemon);
    assert.equal(family.core.uid === '0', false, 'the core is not root');
    assert.deepEqual(family.children.map(({ part, uid }) => [part, uid === '0']).toSorted(), [
      ['evidence', false],
      ['host', true],
    ]);
    const doctor = await daemon.run(['doctor']);
    const wrong = listAt(doctor.printed[0], 'findings').filter((one) => !member(one, 'ok'));
    // A machine without a user of ours is told to make one, and of nothing else.
    for (const one of wrong) assert.match(String(member(one, 'mend')), /^run useradd --system/);
    assert.equal(doctor.code, wrong.length === 0 ? 0 : 1, JSON.stringify(doctor.printed));
    const isShared = family.core.uid === '65534';
    assert.equal(wrong.length, isShared ? 1 : 0, JSON.stringify(wrong));

    const taken = await daemon.run(['checkpoint', 'take']);
    assert.equal(taken.code, 0, taken.complaint);
    await fs.writeFile(file, 'two\n');
    await fs.chmod(file, 0o644);
    await fs.chown(file, 65_534, 65_534);
    const planned = await daemon.run(['rollback', 'plan', String(member(taken.printed[0], 'id'))]);
    assert.equal(planned.code, 0, planned.complaint);
    const end = await applied(daemon, String(member(planned.printed[0], 'id')));
    assert.equal(end.code, 0, end.complaint);
    const { uid, gid, mode } = await fs.stat(file);
    assert.deepEqual(
      [await fs.readFile(file, 'utf8'), uid, gid, mode & 0o7777],
      ['one\n', 0, 0, 0o600],
    );

    process.kill(family.core.pid, 'SIGKILL');
    await until('no process is left', async () => {
      const left = await Promise.all(family.children.map(({ pid }) => isThere(pid)));
      return left.includes(true) ? undefined : true;
    });
  },
);

test('a daemon whose host process died ends with an error', { skip }, async () => {
  await using daemon = await realDaemon();
  await fs.chmod(daemon.folder, 0o755);
  await daemon.start(await configuration(join(daemon.folder, 'lastgood.yaml')));
  const { core, children } = await familyOf(daemon);
  const host = children.find(({ part }) => part === 'host');
  assert.ok(host !== undefined);
  process.kill(host.pid, 'SIGKILL');
  await until('the core ends', async () => ((await isThere(core.pid)) ? undefined : true));
  const { code, complaint } = await daemon.ended();
  assert.equal(code, 1);
  assert.match(complaint, /LG_RUNTIME_HOST_ENDED: .*SIGKILL.*Start the daemon again/);
});

test('data in a folder of root alone keeps the daemon root, and it says so', { skip }, async () => {
  await using daemon = await realDaemon();
  await daemon.start(await configuration(join(daemon.folder, 'lastgood.yaml')));
  const { core, children } = await familyOf(daemon);
  assert.equal(core.uid, '0');
  assert.deepEqual(
    children.map(({ part }) => part),
    ['evidence'],
  );
  const status = await daemon.run(['status']);
  const problems = JSON.stringify(member(status.printed[0], 'problems'));
  assert.match(problems, /runs as root, because \w+ cannot enter .*chmod o\+x/);
});

/** Tests run side by side: nobody listens on a port that is not his alone. */
const NO_OTHERS = { otlpGrpc: false, syslogUdp: false, syslogTcp: false };

/** A health check that only root passes shows where commands run. */
async function configuration(file: string): Promise<string> {
  const [ui, otlp] = await freePorts(2);
  return JSON.stringify({
    listen: { ui: `127.0.0.1:${ui}`, otlpHttp: `127.0.0.1:${otlp}`, ...NO_OTHERS },
    // What the logs of this host need is another test's matter.
    sources: [],
    components: [
      {
        name: 'web',
        state: [{ provider: 'files', paths: [file] }],
        health: [{ command: ['sh', '-c', 'test "$(id -u)" = 0'] }],
      },
    ],
    rollback: { gate: { samples: 1, interval: '100ms' } },
  });
}

interface Member {
  readonly pid: number;
  readonly uid: string;
  readonly part: string;
}

/** The core and its children as the kernel knows them. */
async function familyOf({ folder }: RealDaemon) {
  const said: unknown = JSON.parse(await fs.readFile(join(folder, 'data', 'daemon.json'), 'utf8'));
  const pid = Number(member(said, 'pid'));
  const children: Member[] = [];
  for (const name of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await fs.readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (!new RegExp(`^PPid:\\t${pid}$`, 'm').test(status)) continue;
    const words = await fs.readFile(`/proc/${name}/cmdline`, 'utf8');
    const part = /daemon\/(\w+)\/process/.exec(words)?.[1] ?? words;
    children.push({ pid: Number(name), uid: uidIn(status), part });
  }
  const own = await fs.readFile(`/proc/${pid}/status`, 'utf8');
  return { core: { pid, uid: uidIn(own) }, children };
}

/** All four user ids of a process when they are equal, as they must be. */
function uidIn(status: string): string {
  const ids = /^Uid:\t(.*)$/m.exec(status)?.[1]?.split('\t') ?? [];
  return [...new Set(ids)].join(' ');
}

async function isThere(pid: number): Promise<boolean> {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX');
  return !/^State:\t[ZX]/m.test(status);
}

/** Applies a plan and confirms it as soon as it waits for that. */
function applied(daemon: RealDaemon, plan: string) {
  let token = '';
  let run = '';
  return daemon.run(['rollback', 'apply', plan], (value) => {
    token = String(member(value, 'token') ?? token);
    run = String(member(value, 'run') ?? run);
    if (member(value, 'state') !== 'AWAITING_CONFIRM') return;
    void daemon.run(['rollback', 'confirm', run, '--token', token]);
  });
}
