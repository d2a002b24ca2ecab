import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { member, realDaemon, type RealDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

/** Lines of one sender; a datagram burst of this size fits into the smallest receive buffer. */
const linesEach = 200;

const certificates = join(import.meta.dirname, '../../src/adapters/sources/syslog/testdata');

// With a certificate the UI is served over TLS too, and the commands must trust its authority.
process.env['NODE_EXTRA_CA_CERTS'] = join(certificates, 'ca.pem');

interface Ports {
  readonly plain: number;
  readonly tls: number;
}

/** A daemon that takes syslog in all ways, over TLS from senders with a certificate only. */
async function syslogDaemon(daemon: RealDaemon): Promise<Ports> {
  const [ui = 0, otlp = 0, plain = 0, tls = 0] = await freePorts(4);
  await daemon.start(`version: 1
listen:
  ui: 127.0.0.1:${ui}
  otlpHttp: 127.0.0.1:${otlp}
  otlpGrpc: false
  syslogUdp: 127.0.0.1:${plain}
  syslogTcp: 127.0.0.1:${plain}
  syslogTls: 127.0.0.1:${tls}
sources: []
components: []
access:
  tls:
    cert: ${certificates}/server.pem
    key: ${certificates}/server.pem
    ca: ${certificates}/ca.pem
`);
  return { plain, tls };
}

/** How rsyslog forwards in each way; the application name tells which way a record came. */
function waysTo({ plain, tls }: Ports): Readonly<Record<string, string>> {
  return {
    'way-udp': `port="${plain}" protocol="udp"`,
    'way-counted': `port="${plain}" protocol="tcp" TCP_Framing="octet-counted"`,
    'way-lines': `port="${plain}" protocol="tcp" TCP_Framing="traditional"`,
    'way-tls': `port="${tls}" protocol="tcp" TCP_Framing="octet-counted" StreamDriver="gtls"
      StreamDriverMode="1" StreamDriverAuthMode="x509/name"
      StreamDriverPermittedPeers="server.test"`,
  };
}

function rsyslogText(folder: string, ports: Ports): string {
  const ways = Object.entries(waysTo(ports));
  const templates = ways.map(
    ([way]) => `template(name="${way}" type="string"
  string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% ${way} - - - %msg%")`,
  );
  const actions = ways.map(
    ([way, rest]) => `  action(type="omfwd" target="127.0.0.1" template="${way}"
    queue.type="linkedList" action.resumeRetryCount="-1" action.resumeInterval="1" ${rest})`,
  );
  return `global(workDirectory="${folder}/spool"
  defaultNetstreamDriverCAFile="${certificates}/ca.pem"
  defaultNetstreamDriverCertFile="${certificates}/client.pem"
  defaultNetstreamDriverKeyFile="${certificates}/client.pem")
module(load="imfile" mode="inotify")
${templates.join('\n')}
ruleset(name="out") {
${actions.join('\n')}
}
input(type="imfile" file="${folder}/app.log" tag="app" ruleset="out")
`;
}

async function startRsyslog(program: string, folder: string, ports: Ports): Promise<ChildProcess> {
  const file = join(folder, 'rsyslog.conf');
  await fs.mkdir(join(folder, 'spool'));
  await fs.writeFile(file, rsyslogText(folder, ports));
  const checked = spawnSync(program, ['-N1', '-f', file], { encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stderr);
  return spawn(program, ['-n', '-f', file, '-i', join(folder, 'rsyslog.pid')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The numbers of the lines of one application, oldest first, once there are so many. */
async function numbers(daemon: RealDaemon, app: string, count: number) {
  const words = ['events', '--since', '1h', '--limit', '10000', '--component', app];
  const { printed, complaint } = await daemon.run(words);
  assert.equal(complaint, '');
  const found = printed.map((record) =>
    Number(/line (\d+)$/.exec(String(member(record, 'body')))?.[1] ?? Number.NaN),
  );
  return found.length < count ? undefined : found;
}

const upTo = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count - from + 1 }, (_, index) => index + from);

async function write(folder: string, from: number, to: number): Promise<void> {
  const lines = upTo(to, from).map((number) => `line ${number}\n`);
  await fs.appendFile(join(folder, 'app.log'), lines.join(''));
}

it('each line of the real rsyslog comes once and in order, in every way', async (test) => {
  const rsyslogd = hostProgram(test, 'rsyslogd', 'rsyslog');
  if (rsyslogd === undefined || !hasTlsModule(test)) return;
  await using daemon = await realDaemon();
  const ports = await syslogDaemon(daemon);
  await fs.writeFile(join(daemon.folder, 'app.log'), '');
  const rsyslog = await startRsyslog(rsyslogd, daemon.folder, ports);
  try {
    await write(daemon.folder, 1, linesEach);
    for (const way of ['way-udp', 'way-counted', 'way-lines', 'way-tls']) {
      const all = await until(way, () => numbers(daemon, way, linesEach));
      assert.deepEqual(all, upTo(linesEach), way);
    }
    await test.test('and after kill -9 of the evidence process rsyslog goes on', async () => {
      process.kill(evidenceOf(daemon.folder), 'SIGKILL');
      let written = linesEach;
      for (const way of ['way-counted', 'way-lines', 'way-tls']) {
        const all = await until(`${way} again`, async () => {
          written += 1;
          await write(daemon.folder, written, written);
          const found = await numbers(daemon, way, 1).catch(() => undefined);
          return (found?.at(-1) ?? 0) > linesEach ? found : undefined;
        });
        // What was durable stays, once; plain syslog promises nothing for what was under way.
        assert.deepEqual(all.slice(0, linesEach), upTo(linesEach), way);
        const later = all.slice(linesEach);
        assert.deepEqual(
          later,
          later.toSorted((a, b) => a - b),
          way,
        );
        assert.equal(new Set(all).size, all.length, way);
        test.diagnostic(`${way}: the first line after the kill is ${later[0]} of ${written}`);
      }
    });
  } finally {
    rsyslog.kill('SIGTERM');
    if (rsyslog.exitCode === null) await once(rsyslog, 'exit');
  }
});

it('each line of the real logger comes once, in each of its formats and ways', async (test) => {
  const logger = hostProgram(test, 'logger', 'bsdutils');
  if (logger === undefined) return;
  await using daemon = await realDaemon();
  const { plain } = await syslogDaemon(daemon);
  const file = join(daemon.folder, 'lines');
  await fs.writeFile(
    file,
    upTo(linesEach)
      .map((number) => `line ${number}\n`)
      .join(''),
  );
  const ways = {
    'udp-5424': ['-d', '--rfc5424'],
    'udp-3164': ['-d', '--rfc3164'],
    'lines-5424': ['-T', '--rfc5424'],
    'lines-3164': ['-T', '--rfc3164'],
    'counted-5424': ['-T', '--octet-count', '--rfc5424'],
    'counted-3164': ['-T', '--octet-count', '--rfc3164'],
  };
  for (const [tag, way] of Object.entries(ways)) {
    const words = ['-n', '127.0.0.1', '-P', String(plain), ...way, '-t', tag, '-p', 'local3.err'];
    const ended: SpawnSyncReturns<string> = spawnSync(logger, [...words, '-f', file], {
      encoding: 'utf8',
    });
    assert.equal(ended.status, 0, ended.stderr);
    const all = await until(tag, () => numbers(daemon, tag, linesEach));
    // Stamps of RFC 3164 have whole seconds, so lines of one second have no order of their own.
    const sorted = tag.endsWith('3164') ? all.toSorted((a, b) => a - b) : all;
    assert.deepEqual(sorted, upTo(linesEach), tag);
  }
});

/** rsyslog's TLS is a package of its own. */
function hasTlsModule(test: Parameters<typeof hostProgram>[0]): boolean {
  const found = (): boolean =>
    readdirSync('/usr/lib')
      .map((name) => `/usr/lib/${name}/rsyslog/lmnsd_gtls.so`)
      .some((path) => spawnSync('test', ['-e', path]).status === 0);
  if (!found() && process.getuid?.() === 0) {
    const args = ['install', '-qqy', '--no-install-recommends', 'rsyslog-gnutls'];
    spawnSync('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  }
  if (found()) return true;
  const reason = 'the TLS module of rsyslog is missing; apt-get install rsyslog-gnutls';
  if (process.env['CI'] === 'true') throw new Error(reason);
  test.skip(`SKIPPED: ${reason}`);
  return false;
}

/** The evidence process of the daemon that works in a folder. */
function evidenceOf(folder: string): number {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const parentOf = (pid: string): string => /^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? '';
  const pid = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(name, 'cmdline').includes('evidence/process'))
    .find((name) => read(parentOf(name), 'cmdline').includes(folder));
  if (pid === undefined) throw new Error('the daemon has no evidence process');
  return Number(pid);
}
