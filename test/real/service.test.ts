import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { realDaemon } from '../place/real-daemon.ts';
import { rollBack, takeCheckpoint } from '../place/roll-back.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';
import { mustRun } from './must-run.ts';

it('a redis killed with -9 is rolled back to running, with its settings', async (test) => {
  const redis = hostProgram(test, 'redis-server', 'redis-server');
  const supervisor = hostProgram(test, 'start-stop-daemon', 'dpkg');
  if (redis === undefined || supervisor === undefined) return;
  await using daemon = await realDaemon();
  // The daemon becomes another user; its commands run as root, and redis lives in our folder.
  await fs.chmod(daemon.folder, 0o755);
  const [ui = 0, otlp = 0, port = 0] = await freePorts(3);
  const settings = join(daemon.folder, 'redis.conf');
  const pidFile = join(daemon.folder, 'redis.pid');
  const good = `port ${port}\nbind 127.0.0.1\ndir ${daemon.folder}\nsave ""\nmaxclients 64\n`;
  await fs.writeFile(settings, good);
  // By its program too: where nobody collects the dead, the number alone looks alive.
  const own = ['--quiet', '--pidfile', pidFile, '--exec', redis];
  const start = [supervisor, '--start', '--oknodo', ...own, '--background', '--make-pidfile'];
  start.push('--', settings);
  const stop = [supervisor, '--stop', '--oknodo', ...own, '--retry', '10', '--remove-pidfile'];
  const status = [supervisor, '--status', ...own];
  try {
    mustRun(start);
    await until('redis answers', () => pings(port));
    await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: cache
    kind: cache
    state:
      - { provider: service, name: redis, start: ${JSON.stringify(start)},
          stop: ${JSON.stringify(stop)}, status: ${JSON.stringify(status)},
          environment: [${JSON.stringify(settings)}] }
    health: [ { tcp: "127.0.0.1:${port}" } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`);
    const checkpoint = await takeCheckpoint(daemon);

    process.kill(Number(await fs.readFile(pidFile, 'utf8')), 'SIGKILL');
    await fs.writeFile(settings, good.replace('maxclients 64', 'maxclients nonsense'));
    await until('redis is gone', async () =>
      (await pings(port)) === undefined ? true : undefined,
    );

    const { shown } = await rollBack(daemon, checkpoint);
    assert.ok(shown.includes('"before":"stopped"') && shown.includes('"after":"running"'), shown);
    assert.ok(!shown.includes('maxclients'), 'settings are not shown');
    await until('redis answers again', () => pings(port));
    assert.equal(await fs.readFile(settings, 'utf8'), good);
  } finally {
    mustRun(stop);
  }
});

it('a real unit goes back from killed, disabled, altered and masked', async (test) => {
  if (process.getuid?.() !== 0) return test.skip('SKIPPED: a mount namespace needs root');
  const unshare = hostProgram(test, 'unshare', 'util-linux');
  const systemctl = hostProgram(test, 'systemctl', 'systemd');
  if (unshare === undefined || systemctl === undefined) return;
  const home = await fs.mkdtemp(join(tmpdir(), 'lastgood-systemd-'));
  try {
    const here = join(import.meta.dirname, 'systemd');
    const inside = [process.execPath, join(here, 'go-back.ts')];
    const ran = spawnSync(unshare, ['--mount', 'sh', join(here, 'inside.sh'), home, ...inside], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    // EX_TEMPFAIL: no systemd could be started, in a container that forbids control groups.
    if (ran.status === 75) return test.skip('SKIPPED: systemd does not start here');
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /went back/);
  } finally {
    await fs.rm(home, { recursive: true, force: true });
  }
});

/** Whether a redis answers PING at the port. */
function pings(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (answer: true | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.on('data', (bytes) => end(bytes.toString().startsWith('+PONG') ? true : undefined));
  });
}
