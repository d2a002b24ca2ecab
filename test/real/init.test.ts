import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseDocument } from 'yaml';
import { member, realDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

const SECRET = 'hunter2-of-the-cache';

/** A server of one answer, its logs in the folder. */
function siteText(folder: string, port: number): string {
  return `daemon off;
pid ${folder}/nginx.pid;
worker_processes 1;
events { worker_connections 64; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; location = /healthz { return 200 "well"; } }
}
`;
}

it('init finds a real nginx and a real redis, and what it writes starts', async (test) => {
  const nginx = hostProgram(test, 'nginx', 'nginx-light');
  const redis = hostProgram(test, 'redis-server', 'redis-server');
  if (nginx === undefined || redis === undefined) return;
  await using daemon = await realDaemon();
  const [ui = 0, otlp = 0, web = 0, cache = 0] = await freePorts(4);
  const { folder } = daemon;
  const site = join(folder, 'nginx.conf');
  await fs.writeFile(site, siteText(folder, web));
  const servers = [
    started(nginx, ['-p', folder, '-c', site, '-e', join(folder, 'error.log')]),
    started(redis, ['--port', `${cache}`, '--bind', '127.0.0.1', '--requirepass', SECRET]),
  ];
  try {
    await until('both listen', async () =>
      (await accepts(web)) && (await accepts(cache)) ? true : undefined,
    );
    const written = await daemon.run(['init']);
    assert.equal(written.code, 0, written.complaint);
    const file = join(folder, 'lastgood.yaml');
    const text = await fs.readFile(file, 'utf8');
    assert.equal(text.includes(SECRET), false, 'the password of the cache is not written');
    const config: unknown = parseDocument(text).toJS();
    const http = `http://127.0.0.1:${web}/healthz`;
    assert.ok(JSON.stringify(componentOf(config, 'nginx')).includes(http));
    assert.ok(JSON.stringify(componentOf(config, 'redis')).includes(`127.0.0.1:${cache}`));
    assert.ok(text.includes(join(folder, 'access.log')), 'the log it has open is read');

    const again = await daemon.run(['init']);
    assert.equal(again.code, 2);
    assert.match(again.complaint, /LG_CONFIG_EXISTS/);
    assert.equal(await fs.readFile(file, 'utf8'), text);

    const checked = await daemon.run(['config', 'check', file]);
    assert.equal(checked.code, 0, JSON.stringify(checked.printed));
    // On ports of the test's own: the usual ones may be somebody else's here.
    const own = `ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false`;
    const listen = `listen: { ${own}, syslogUdp: false, syslogTcp: false }`;
    await daemon.start(text.replace(/^#listen:.*$/m, listen));
    const taken = await daemon.run(['checkpoint', 'take', '--component', 'nginx,redis']);
    assert.equal(taken.code, 0, taken.complaint);
    assert.equal(member(member(taken.printed[0], 'manifest'), 'verdict'), 'healthy');
  } finally {
    for (const server of servers) {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
    }
  }
});

function started(program: string, words: readonly string[]): ChildProcess {
  return spawn(program, words, { stdio: 'ignore', cwd: '/' });
}

/** The component that stands for a program; there may be others of its kind on this machine. */
function componentOf(config: unknown, name: string): unknown {
  const components = member(config, 'components');
  assert.ok(Array.isArray(components));
  return components.filter((one) => String(member(one, 'name')).startsWith(name));
}

async function accepts(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
