import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { at, listAt, textAt } from '../../place/document.ts';
import { freePorts } from '../../place/free-ports.ts';
import { until } from '../../place/until.ts';
import { TwoRunners } from '../../scenarios/hosts/two-runners.ts';
import { hostProgram } from '../host-program.ts';

/** Where chronyc of root looks for its daemon. */
const SOCKET = '/run/chrony/chronyd.sock';

const AHEAD_MS = 250;

/** Two hosts of one machine, of which chronyc of root finds our chronyd; undefined: skipped. */
async function place(t: TestContext): Promise<TwoRunners | undefined> {
  if (hostProgram(t, 'chronyc', 'chrony') === undefined) return undefined;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) t.skip('SKIPPED: chronyd is asked over a socket of root');
  else if (existsSync(SOCKET)) t.skip('SKIPPED: this machine has a chronyd of its own');
  else {
    const two = await TwoRunners.make(t);
    await fs.mkdir('/run/chrony', { recursive: true, mode: 0o750 });
    return two;
  }
  return undefined;
}

/** A chronyd that sets no clock; answers how to end it. */
async function startChrony(
  t: TestContext,
  two: TwoRunners,
  name: string,
  settings: readonly string[],
): Promise<() => Promise<void>> {
  const file = two.path(`${name}.conf`);
  const own = ['cmdport 0', `pidfile ${two.path(`${name}.pid`)}`];
  await fs.writeFile(file, [...settings, ...own, ''].join('\n'));
  const child = spawn('chronyd', ['-x', '-d', '-u', 'root', '-f', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  t.after(end);
  return end;
}

test('what chrony says of the clocks of hosts relates them to true time', async (t) => {
  const two = await place(t);
  if (two === undefined) return;
  const [port = 0] = await freePorts(1);
  const own = ['local stratum 3', `port ${port}`, 'bindaddress 127.0.0.1', 'allow 127.0.0.1'];
  await startChrony(t, two, 'server', [...own, `bindcmdaddress ${two.path('server.sock')}`]);
  const server = `server 127.0.0.1 port ${port} iburst minpoll 0 maxpoll 0`;
  await startChrony(t, two, 'client', ['port 0', `${server} offset ${AHEAD_MS / 1_000}`]);
  await two.runner('fw');
  await two.daemon();
  const known = await until(
    'true time, as chrony on a host tells it',
    async () => {
      const { printed } = await two.run(['clocks']);
      return listAt(printed[0], 'clocks').find((one) => at(one, 'clock') === 'utc');
    },
    (one) => at(one, 'boundNs') !== undefined,
  );
  const wrongNs = Math.abs(Number(at(known, 'offsetNs')) - AHEAD_MS * 1e6);
  assert.ok(wrongNs <= Number(at(known, 'boundNs')), JSON.stringify(known));
  assert.ok(Number(at(known, 'boundNs')) < AHEAD_MS * 1e6, JSON.stringify(known));
  // We are nobody, whom chronyd tells nothing here: it is known over the host that may ask.
  assert.deepEqual(listAt(known, 'via').map(String), ['ours', 'host:fw', 'utc']);
  const doctor = await two.run(['doctor']);
  assert.match(JSON.stringify(doctor.printed), /ours is 0\.2\d\d s behind what NTP says/);
});

test('a clock that chrony calls unsynchronized is told, and relates nothing', async (t) => {
  const two = await place(t);
  if (two === undefined) return;
  await startChrony(t, two, 'lonely', ['port 0']);
  await two.runner('fw');
  await two.daemon();
  const told = await until(
    'the event',
    async () => {
      const { printed } = await two.run(['events', '--event', 'clock.unsynchronized']);
      return printed.find((one) => at(one, 'eventName') === 'clock.unsynchronized');
    },
    (one) => one !== undefined,
  );
  assert.equal(textAt(told, 'attributes', 'clock.id'), 'host:fw');
  assert.match(textAt(told, 'body'), /host:fw is not synchronized: chrony says: Not synchronised/);
  const { printed } = await two.run(['clocks']);
  const clocks = listAt(printed[0], 'clocks').map((one) => at(one, 'clock'));
  assert.ok(!clocks.includes('utc'), JSON.stringify(clocks));
});
