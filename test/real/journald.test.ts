import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { member, realDaemon, type RealDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { ownJournald } from './own-journald.ts';

/** Lines of the whole storm, and of each burst between two blows. */
const LINES = 20_000;
const BURST = 2_000;

it('each line of a journal arrives once, through kills and rotations', async (test) => {
  await using daemon = await realDaemon();
  const journald = await ownJournald(test, daemon.folder);
  if (journald === undefined) return;
  try {
    await start(daemon, journald.journal);
    for (let first = 0, burst = 0; first < LINES; first += BURST, burst += 1) {
      const lines = Array.from({ length: BURST }, (_, at) => `order ${first + at} accepted\n`);
      journald.run(['systemd-cat', '-t', 'orders'], lines.join(''));
      const evidence = await until('the evidence process', () => evidencePid(daemon));
      if (burst % 4 === 0) process.kill(evidence, 'SIGKILL');
      if (burst % 4 === 1) await journald.rotate();
      if (burst % 4 === 2) await killReader(evidence);
      if (burst % 4 === 3) await journald.restart('SIGTERM');
    }
    const numbers = await until('all lines', () => arrived(daemon, LINES));
    assert.deepEqual(
      numbers,
      Array.from({ length: LINES }, (_, number) => number),
    );
    const [status] = (await daemon.run(['sources'])).printed;
    assert.deepEqual(await gaps(daemon), [], JSON.stringify(status));
  } finally {
    await journald.stop();
  }
});

it('what a journal can hold arrives as it is', async (test) => {
  await using daemon = await realDaemon();
  const journald = await ownJournald(test, daemon.folder);
  if (journald === undefined) return;
  try {
    await start(daemon, journald.journal);
    // Not by /dev/log, which only some hosts have.
    const syslog = ['logger', '--socket', '/run/systemd/journal/dev-log', '-p', 'auth.crit'];
    journald.run([...syslog, '-t', 'sudo', 'authentication failure']);
    journald.run(
      ['logger', '--journald'],
      'MESSAGE=two lines\nMESSAGE=of one entry\nPRIORITY=3\nORDER_ID=7\n',
    );
    journald.run(['systemd-cat', '-t', 'raw'], 'bin\u0001ary \u00fc\n');
    journald.run(['sh', '-c', "printf 'no utf-8: \\377\\n' | systemd-cat -t raw"]);
    const records = await until('four entries', async () => {
      const { printed } = await daemon.run(['events', '--since', '1h', '--limit', '2000']);
      const own = printed.filter((record) =>
        ['sudo', 'raw', 'logger'].includes(String(member(record, 'service'))),
      );
      return own.length >= 4 ? own : undefined;
    });
    const of = (part: string) =>
      records.find((record) => String(member(record, 'body')).includes(part));
    assert.equal(member(of('authentication'), 'severity'), 18);
    assert.equal(member(member(of('authentication'), 'attributes'), 'syslog.severity'), 2);
    assert.match(String(member(of('of one entry'), 'body')), /of one entry/);
    assert.equal(member(member(of('of one entry'), 'attributes'), 'ORDER_ID'), '7');
    assert.equal(member(of('ary'), 'body'), 'bin\u0001ary \u00fc');
    assert.equal(member(of('no utf-8'), 'body'), 'no utf-8: \u00ff');
    const attributes = member(of('ary'), 'attributes');
    for (const stamp of ['__REALTIME_TIMESTAMP', '__MONOTONIC_TIMESTAMP', '_BOOT_ID']) {
      assert.match(String(member(attributes, stamp)), /^[0-9a-f]+$/);
    }
  } finally {
    await journald.stop();
  }
});

it('entries that were removed while nobody read are told as a gap, once', async (test) => {
  await using daemon = await realDaemon();
  const journald = await ownJournald(test, daemon.folder);
  if (journald === undefined) return;
  try {
    await start(daemon, journald.journal);
    journald.run(['systemd-cat', '-t', 'orders'], 'order 0 accepted\n');
    await until('the first line', () => arrived(daemon, 1));
    await daemon.end();
    journald.run(['systemd-cat', '-t', 'orders'], 'order 1 accepted\n');
    await journald.rotate();
    for (const name of await fs.readdir(journald.journal)) {
      if (name !== 'system.journal') await fs.rm(join(journald.journal, name));
    }
    journald.run(['systemd-cat', '-t', 'orders'], 'order 2 accepted\norder 3 accepted\n');
    await start(daemon, journald.journal);
    assert.deepEqual(await until('the rest', () => arrived(daemon, 3)), [0, 2, 3]);
    const [gap, ...more] = await gaps(daemon);
    assert.deepEqual(more, []);
    assert.match(String(member(gap, 'body')), /removed before they were read: .* to .*entries$/);
    const [{ sources = [] } = {}] = (await daemon.run(['sources'])).printed as { sources?: [] }[];
    assert.equal(member(sources.at(-1), 'gaps'), 1);
    process.kill(await until('the process', () => evidencePid(daemon)), 'SIGKILL');
    journald.run(['systemd-cat', '-t', 'orders'], 'order 4 accepted\n');
    await until('the last line', () => arrived(daemon, 4));
    assert.equal((await gaps(daemon)).length, 1);
  } finally {
    await journald.stop();
  }
});

it('a host that nobody configured is read: its journal and other logs', async (test) => {
  await using daemon = await realDaemon();
  const journald = await ownJournald(test, daemon.folder);
  if (journald === undefined) return;
  try {
    journald.run(['systemd-cat', '-t', 'orders'], 'order 0 accepted\n');
    await fs.writeFile(
      join(journald.logs, 'syslog'),
      'Nov 21 01:00:00 h orders: order 0 accepted\n',
    );
    await fs.writeFile(join(journald.logs, 'dpkg.log'), '2026-11-21 01:00:00 upgrade openssl\n');
    await fs.writeFile(join(journald.logs, 'btmp.log'), Buffer.alloc(64));
    await fs.mkdir(join(journald.logs, 'nginx'));
    await fs.writeFile(join(journald.logs, 'nginx', 'error.log'), '[error] no upstream\n');
    const [ui, otlp] = await freePorts(2);
    await daemon.start(
      `listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }`,
      journald.within(),
    );
    const read = (part: string, service?: string) =>
      until(part, async () => {
        const words = ['events', '--since', '100d', '--limit', '5000', '--text', part];
        const { printed } = await daemon.run(words);
        const found = printed.filter((record) => member(record, 'service') === service);
        return found.length > 0 ? printed : undefined;
      });
    assert.equal((await read('order 0 accepted', 'orders')).length, 1, 'syslog has it too');
    assert.equal((await read('no upstream', 'nginx')).length, 1);
    assert.equal((await read('upgrade openssl')).length, 1);
    const listed = JSON.stringify((await daemon.run(['sources'])).printed);
    for (const source of ['"journal"', '"logs"', '"nginx-logs"'])
      assert.match(listed, new RegExp(source));
    assert.doesNotMatch(listed, /btmp/);
  } finally {
    await daemon.end();
    await journald.stop();
  }
});

it('a journal that may not be read is a warning with the grant that mends it', async (test) => {
  await using daemon = await realDaemon();
  const journald = await ownJournald(test, daemon.folder);
  if (journald === undefined) return;
  try {
    // The daemon gives up root only where the user it becomes can reach its folder.
    await fs.chmod(daemon.folder, 0o755);
    // Root alone: whom the daemon becomes may well be one of those who read journals.
    await fs.chown(journald.journal, 0, 0);
    await fs.chmod(journald.journal, 0o700);
    await start(daemon, journald.journal);
    const { printed } = await daemon.run(['doctor']);
    const said = JSON.stringify(printed);
    assert.match(said, /cannot be read; grant it: .*(setfacl -R -m u:|usermod -aG |useradd )/);
    await fs.chmod(journald.journal, 0o755);
    for (const name of await fs.readdir(journald.journal)) {
      await fs.chmod(join(journald.journal, name), 0o644);
    }
    journald.run(['systemd-cat', '-t', 'orders'], 'order 0 accepted\n');
    assert.deepEqual(await until('the line', () => arrived(daemon, 1)), [0]);
  } finally {
    await journald.stop();
  }
});

async function start(daemon: RealDaemon, journal: string): Promise<void> {
  const [ui, otlp] = await freePorts(2);
  await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: [ { name: journal, kind: journald, directory: ${JSON.stringify(journal)} } ]
components: []
`);
}

/** The order numbers on the timeline once there are so many, or undefined. */
async function arrived(daemon: RealDaemon, count: number): Promise<readonly number[] | undefined> {
  const words = ['events', '--since', '1h', '--component', 'orders', '--limit', '100000'];
  const { printed } = await daemon.run(words);
  const numbers = printed
    .map((record) => /order (\d+) accepted/.exec(String(member(record, 'body')))?.[1])
    .filter((number) => number !== undefined)
    .map(Number);
  return numbers.length < count ? undefined : numbers.toSorted((left, right) => left - right);
}

async function gaps(daemon: RealDaemon): Promise<readonly unknown[]> {
  const words = ['events', '--since', '1h', '--event', 'telemetry.source.gap'];
  return (await daemon.run(words)).printed;
}

/** The evidence process of this daemon, when it is there. */
async function evidencePid(daemon: RealDaemon): Promise<number | undefined> {
  const text = await fs.readFile(join(daemon.folder, 'data', 'daemon.json'), 'utf8');
  const core = Number(member(JSON.parse(text), 'pid'));
  return childOf(core, /evidence\/process/);
}

/** Kills the journalctl of the evidence process, if it has one at the moment. */
async function killReader(evidence: number): Promise<void> {
  const reader = await childOf(evidence, /journalctl/);
  if (reader !== undefined) process.kill(reader, 'SIGKILL');
}

async function childOf(parent: number, command: RegExp): Promise<number | undefined> {
  for (const pid of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(ppid) !== parent || state === 'Z') continue;
      if (command.test(await fs.readFile(`/proc/${pid}/cmdline`, 'utf8'))) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  return undefined;
}
