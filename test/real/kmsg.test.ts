import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { it, type TestContext } from 'node:test';
import { textAt } from '../place/document.ts';
import { freePorts } from '../place/free-ports.ts';
import { realDaemon } from '../place/real-daemon.ts';
import { until } from '../place/until.ts';

it("what the kernel's log gets comes once, through kills of who reads it", async (t) => {
  if (!isOpen(t)) return;
  await using daemon = await realDaemon();
  const [ui] = await freePorts(1);
  await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false,
  syslogTcp: false }
sources: [ { name: kernel, kind: kmsg, since: 10m } ]
components: []
`);
  const mark = `lastgood test ${process.pid}.${Date.now()}`;
  const write = (word: string): void => fs.writeFileSync('/dev/kmsg', `<3>${mark} ${word}\n`);
  const events = async () => {
    const { printed } = await daemon.run(['events', '--since', '10m', '--limit', '100000']);
    return printed.filter((record) => textAt(record, 'body').startsWith(mark));
  };
  const words = async (): Promise<readonly string[]> =>
    (await events()).map((record) => textAt(record, 'body').slice(mark.length + 1));
  const told = (count: number) => until(`${count} messages`, words, (all) => all.length >= count);

  const sent = Date.now();
  write('one');
  await told(1);
  const readers = () => childrenNamed('cat', '/dev/kmsg');
  for (const pid of readers()) process.kill(pid, 'SIGKILL');
  write('two');
  await told(2);
  for (const pid of childrenNamed('evidence')) process.kill(pid, 'SIGKILL');
  write('three');
  await told(3);
  assert.deepEqual((await words()).toSorted(), ['one', 'three', 'two']);

  const at = Math.min(...(await events()).map((record) => Date.parse(textAt(record, 'time'))));
  assert.ok(Math.abs(at - sent) < 5_000, `written at ${sent}, dated ${at}`);
  await daemon.end();
  await until('nobody reads on', async () => readers().length === 0 || undefined);
});

/** Whether messages may be read and written here. */
function isOpen(t: TestContext): boolean {
  const probe = spawnSync('head', ['-n', '1', '/dev/kmsg']);
  try {
    if (probe.status !== 0) throw new Error(String(probe.stderr));
    fs.accessSync('/dev/kmsg', fs.constants.W_OK);
    return true;
  } catch (error) {
    t.skip(`SKIPPED: /dev/kmsg is closed to us: ${String(error)}`);
    return false;
  }
}

/** Processes that we started, at whatever remove, whose words hold all of these. */
function childrenNamed(...words: readonly string[]): readonly number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const parents = new Map(rows.map(([, pid, parent]) => [Number(pid), Number(parent)]));
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === process.pid) return true;
    }
    return false;
  };
  return rows
    .filter(([, pid, , args = '']) => isOurs(Number(pid)) && words.every((w) => args.includes(w)))
    .map(([, pid]) => Number(pid));
}
