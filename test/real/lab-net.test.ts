import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseJson } from '../../src/base/parse-json.ts';
import { member } from '../place/real-daemon.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';
import { canStage, labStage, run } from './lab-stage.ts';

const { prefix, folder: stage, program: labProgram, lab, done, inside } = labStage('lgnr');
const parts = ['firewall', 'snmp', 'routers', 'netconf', 'ssh-cli'];

it('the network of the lab stands, breaks, is mended, and goes without a trace', async (test) => {
  if (!canStage(test, programs)) return;
  try {
    const up = await done('up', ...parts);
    test.diagnostic(`up in ${member(parseJson(up), 'elapsedMs')} ms`);
    assert.match((await inside('cli', 'ping', '-c', '1', '10.10.0.10')).said, / 0% packet loss/);
    const bgp = await inside('r1', 'vtysh', '-N', `${prefix}-r1`, '-c', 'show bgp summary');
    assert.match(bgp.said, /^10\.0\.12\.2 .* \d\d:\d\d:\d\d /m);
    const login = ['-F', 'none', '-i', `${stage}/ssh-cli/client_key`, '-p', '26022'];
    const known = ['-o', `UserKnownHostsFile=${stage}/ssh-cli/known_hosts`];
    const device = await inside('dc', 'ssh', ...login, ...known, 'root@10.10.0.1', 'show version');
    assert.match(device.said, /FRRouting 8/);
    assert.match(await done('status'), /get-config answers hostname sw1/);

    assert.doesNotMatch(await done('up', ...parts), /"started"/);

    await assertShop('refuses');
    await done('fault', 'bad-push', 'nft');
    await assertShop('is silent');
    await done('fault', 'stop', '--on', 'routers/r2-bgpd');
    assert.equal((await lab('up')).code, 1);
    await done('fault', 'clear');
    await assertShop('refuses');
  } finally {
    await down();
  }
});

it('what a killed lab has half made goes without a trace', async (test) => {
  if (!canStage(test, programs)) return;
  try {
    const child = spawn(process.execPath, [...labProgram, 'up', ...parts], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until('the first routing daemon is on record', async () => {
      const book = await fs.readFile(join(stage, 'book.jsonl'), 'utf8').catch(() => '');
      return book.includes('"r1-zebra"') ? true : undefined;
    });
    child.kill('SIGKILL');
    await ended;
    assert.notDeepEqual(await traces(), []);
  } finally {
    await down();
  }
});

it('routers and firewall of the lab stand and fall without root', async (test) => {
  if (!programs.slice(0, 3).every(([name, brings]) => hostProgram(test, name, brings))) return;
  if ((await run('unshare', '-Urnm', 'true')).code !== 0) {
    test.skip('SKIPPED: this kernel gives user namespaces to root alone');
    return;
  }
  const state = await fs.mkdtemp(join(tmpdir(), 'lastgood-lab-user-'));
  const without = (...words: readonly string[]) =>
    run(
      'env',
      `XDG_STATE_HOME=${state}`,
      process.execPath,
      ...labProgram,
      '--unprivileged',
      ...words,
    );
  try {
    const up = await without('up', 'routers', 'firewall');
    assert.equal(up.code, 0, up.said);
    assert.match(up.said, /r1 reaches the data center/);
  } finally {
    const { code, said } = await without('down');
    assert.equal(code, 0, said);
    assert.deepEqual(await fs.readdir(join(state, 'lastgood-lab')), []);
    assert.deepEqual(await marked(`${state}/lastgood-lab/${prefix}-user`), []);
    await fs.rm(state, { recursive: true });
  }
});

/** What a customer meets at the shop's port, where nothing listens in this stage. */
async function assertShop(expected: 'refuses' | 'is silent'): Promise<void> {
  const words = ['-s', '--connect-timeout', '1', 'http://10.10.0.10:8080'];
  const { code } = await inside('cli', 'curl', ...words);
  assert.equal(code, expected === 'refuses' ? 7 : 28);
}

async function down(): Promise<void> {
  await done('down');
  assert.deepEqual(await traces(), []);
}

/** All that still tells of the stage: namespaces, processes, mounts, folders. */
async function traces(): Promise<readonly string[]> {
  const namespaces = (await run('ip', 'netns', 'list')).said.split('\n');
  const mounts = (await fs.readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const folders = ['/etc/frr', '/var/run/frr', '/var/lib/lastgood-lab'].map(async (folder) => {
    const names = await fs.readdir(folder).catch(() => []);
    return names.map((name) => join(folder, name));
  });
  return [
    ...namespaces.filter((name) => name.startsWith(`${prefix}-`)),
    ...mounts.filter((line) => line.includes(stage)),
    ...(await Promise.all(folders)).flat().filter((path) => path.includes(`/${prefix}`)),
    ...(await marked(stage)),
  ];
}

/** The processes that belong to the stage in a folder. */
async function marked(folder: string): Promise<readonly string[]> {
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const environment = await fs.readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    return environment.includes(`LASTGOOD_LAB=${folder}\0`) ? [`process ${pid}`] : [];
  });
  return (await Promise.all(found)).flat();
}

const programs = [
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['vtysh', 'frr'],
  ['netconfd', 'netconfd'],
  ['sshd', 'openssh-server'],
  ['snmpget', 'snmp'],
] as const;
