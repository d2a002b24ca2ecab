import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { it } from 'node:test';
import { confirmedRun } from '../place/confirmed-run.ts';
import { member, realDaemon } from '../place/real-daemon.ts';
import { rollBack, takeCheckpoint } from '../place/roll-back.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';
import { mustRun } from './must-run.ts';

/** A whole configuration of one server that answers `answer` with `status`. */
function siteText(folder: string, port: number, status: number, answer: string): string {
  return `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; location / { return ${status} "${answer}"; } }
}
`;
}

it('a bad nginx configuration is planned away, applied, confirmed and undone', async (test) => {
  const nginx = hostProgram(test, 'nginx', 'nginx-light');
  if (nginx === undefined) return;
  await using daemon = await realDaemon();
  const [ui = 0, otlp = 0, web = 0] = await freePorts(3);
  const etc = join(daemon.folder, 'etc');
  const site = join(etc, 'nginx.conf');
  const command = [nginx, '-p', daemon.folder, '-c', site, '-e', join(daemon.folder, 'error.log')];
  await fs.mkdir(etc);
  await fs.writeFile(site, siteText(daemon.folder, web, 200, 'well'));
  const server = spawn(command[0] ?? nginx, command.slice(1), { stdio: 'ignore' });
  try {
    await until('nginx answers', () => answers(web, 200));
    await daemon.start(`version: 1
listen:
  ui: "127.0.0.1:${ui}"
  otlpHttp: "127.0.0.1:${otlp}"
  otlpGrpc: false
  syslogUdp: false
  syslogTcp: false
sources: []
components:
  - name: web
    kind: server
    state:
      - { provider: files, paths: [${JSON.stringify(etc)}],
          restart: ${JSON.stringify([...command, '-s', 'reload'])} }
    health: [ { http: "http://127.0.0.1:${web}/", expect: 200 } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`);
    const checkpoint = await takeCheckpoint(daemon);

    await fs.writeFile(site, siteText(daemon.folder, web, 503, 'broken'));
    await once(spawn(command[0] ?? nginx, [...command.slice(1), '-s', 'reload']), 'exit');
    await until('nginx is broken', () => answers(web, 503));

    const { end } = await rollBack(daemon, checkpoint);
    await until('nginx is well again', () => answers(web, 200));
    assert.equal(await fs.readFile(site, 'utf8'), siteText(daemon.folder, web, 200, 'well'));

    const run = String(member(end.printed[0], 'run'));
    const undone = await confirmedRun(daemon, ['rollback', 'undo', run]);
    // What was there before is what an undo brings back, however it was: it was confirmed.
    assert.equal(undone.code, 0, undone.complaint);
    await until('nginx is as it was', () => answers(web, 503));
    assert.equal(await fs.readFile(site, 'utf8'), siteText(daemon.folder, web, 503, 'broken'));
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
});

it('a dead upstream and files that nginx never loaded are rolled back', async (test) => {
  const nginx = hostProgram(test, 'nginx', 'nginx-light');
  if (nginx === undefined) return;
  await using daemon = await realDaemon();
  const shop = createServer((_request, answer) => answer.end('well')).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const address = shop.address();
  const good = typeof address === 'object' && address !== null ? address.port : 0;
  const [ui = 0, otlp = 0, web = 0, dead = 0] = await freePorts(4);
  const etc = join(daemon.folder, 'etc');
  const [config, sites] = [join(etc, 'nginx.conf'), join(etc, 'sites')];
  const site = join(sites, 'shop.conf');
  const pidFile = join(daemon.folder, 'nginx.pid');
  const command = [nginx, '-p', daemon.folder, '-c', config, '-e', join(daemon.folder, 'log')];
  const text = (port: number): string =>
    `server { listen 127.0.0.1:${web}; location / { proxy_pass http://127.0.0.1:${port}; } }\n`;
  await fs.mkdir(sites, { recursive: true });
  await fs.writeFile(config, mainText(daemon.folder));
  await fs.writeFile(site, text(good));
  try {
    mustRun(command);
    await until('nginx answers', () => answers(web, 200));
    await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: web
    kind: server
    state:
      - { provider: nginx, paths: [${JSON.stringify(etc)}], program: ${JSON.stringify(nginx)},
          prefix: ${JSON.stringify(daemon.folder)}, config: ${JSON.stringify(config)},
          pidFile: ${JSON.stringify(pidFile)} }
    health: [ { http: "http://127.0.0.1:${web}/", expect: 200 } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`);
    const checkpoint = await takeCheckpoint(daemon);

    // It passes nginx's own check and answers 502.
    await fs.writeFile(site, text(dead));
    await fs.writeFile(join(sites, 'late.conf'), '# came with it\n');
    mustRun([...command, '-s', 'reload']);
    await until('nginx answers 502', () => answers(web, 502));
    await rollBack(daemon, checkpoint);
    await until('nginx is well again', () => answers(web, 200));
    assert.deepEqual(await fs.readdir(sites), ['shop.conf']);

    // A site that nginx refuses would keep it from ever starting again; it still serves.
    await fs.writeFile(site, 'server { listen nowhere');
    assert.match((await rollBack(daemon, checkpoint)).shown, /with older files/);
    mustRun([...command, '-s', 'quit']);
    await until('nginx has ended', async () => ((await exists(pidFile)) ? undefined : true));
    mustRun(command);
    await until('nginx answers after a restart', () => answers(web, 200));
  } finally {
    shop.close();
    if (await exists(pidFile)) mustRun([...command, '-s', 'stop']);
  }
});

/** A configuration whose sites lie in files of their own. */
function mainText(folder: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `pid ${folder}/nginx.pid;
error_log ${folder}/log;
worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  include sites/*.conf;
}
`;
}

function exists(path: string): Promise<boolean> {
  return fs.access(path).then(
    () => true,
    () => false,
  );
}

/** Whether the site answers with that status. */
async function answers(port: number, status: number): Promise<true | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
    await answer.text();
    return answer.status === status ? true : undefined;
  } catch {
    return undefined;
  }
}
