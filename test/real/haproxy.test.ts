import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { freePorts } from '../place/free-ports.ts';
import { realDaemon } from '../place/real-daemon.ts';
import { rollBack, takeCheckpoint } from '../place/roll-back.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';
import { mustRun } from './must-run.ts';

/** A frontend before one server, and the password of somebody. */
function configText(folder: string, port: number, server: number, password: string): string {
  return `global
  stats socket ${folder}/admin.sock mode 600 level admin
  hard-stop-after 1s
userlist staff
  user bob insecure-password ${password}
defaults
  mode http
  timeout connect 500ms
  timeout client 5s
  timeout server 2s
frontend web
  bind 127.0.0.1:${port}
  default_backend shop
backend shop
  server a 127.0.0.1:${server} weight 10
`;
}

it('a dead backend and a server in maintenance are rolled back', async (test) => {
  const haproxy = hostProgram(test, 'haproxy', 'haproxy');
  if (haproxy === undefined) return;
  await using daemon = await realDaemon();
  const shop = createServer((_request, answer) => answer.end('well')).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const good = portOf(shop.address());
  const [ui = 0, otlp = 0, web = 0, dead = 0] = await freePorts(4);
  const etc = join(daemon.folder, 'etc');
  const config = join(etc, 'haproxy.cfg');
  const pidFile = join(daemon.folder, 'haproxy.pid');
  const socket = join(daemon.folder, 'admin.sock');
  await fs.mkdir(etc);
  await fs.writeFile(config, configText(daemon.folder, web, good, 'hunter2-then'));
  const start = [haproxy, '-W', '-D', '-f', config, '-p', pidFile];
  try {
    mustRun(start);
    await until('haproxy answers', () => answers(web, 200));
    await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: edge
    kind: server
    state:
      - { provider: haproxy, paths: [${JSON.stringify(etc)}], program: ${JSON.stringify(haproxy)},
          config: [${JSON.stringify(config)}], pidFile: ${JSON.stringify(pidFile)},
          socket: ${JSON.stringify(socket)} }
    health: [ { http: "http://127.0.0.1:${web}/", expect: 200 } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`);
    const checkpoint = await takeCheckpoint(daemon);

    await fs.writeFile(config, configText(daemon.folder, web, dead, 'hunter2-now'));
    process.kill(await pidOf(pidFile), 'SIGUSR2');
    await until('haproxy answers 503', () => answers(web, 503));
    const { shown } = await rollBack(daemon, checkpoint);
    assert.match(shown, /ready, weight 10, at 127\.0\.0\.1 port \d+/);
    assert.equal(shown.includes('hunter2'), false, 'a password is shown');
    await until('haproxy answers again', () => answers(web, 200));

    // What was restored is what a restart works with.
    await stop(pidFile);
    mustRun(start);
    await until('haproxy answers after a restart', () => answers(web, 200));

    await tell(socket, 'set server shop/a state maint');
    await until('haproxy has no server', () => answers(web, 503));
    const worker = await workerOf(socket);
    assert.match((await rollBack(daemon, checkpoint)).shown, /"disruption":"none"/);
    await until('haproxy has its server back', () => answers(web, 200));
    assert.equal(await workerOf(socket), worker, 'nothing was loaded for it');
  } finally {
    shop.close();
    await stop(pidFile);
  }
});

async function pidOf(pidFile: string): Promise<number> {
  return Number(await fs.readFile(pidFile, 'utf8'));
}

async function stop(pidFile: string): Promise<void> {
  const pid = await pidOf(pidFile).catch(() => 0);
  if (pid <= 0) return;
  process.kill(pid, 'SIGTERM');
  await until('haproxy has ended', async () => {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
    return / [ZX] /.test(`${stat} `) || stat === ') Z' ? true : undefined;
  });
  await fs.rm(pidFile, { force: true });
}

async function workerOf(socket: string): Promise<string | undefined> {
  return /^Pid: (\d+)$/m.exec(await tell(socket, 'show info'))?.[1];
}

async function tell(path: string, line: string): Promise<string> {
  const socket = createConnection({ path });
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString())).end(`${line}\n`);
  await once(socket, 'close');
  return said;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Whether the frontend answers with that status. */
async function answers(port: number, status: number): Promise<true | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
  await answer.text();
  return answer.status === status ? true : undefined;
}
