import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';
import { confirmedRun } from '../place/confirmed-run.ts';
import { freePorts } from '../place/free-ports.ts';
import { FrrPlace, frrLacks } from '../place/frr-place.ts';
import { member, realDaemon } from '../place/real-daemon.ts';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

/** What FRR starts with, and what runs; `route` is what a bad push changes. */
function linesOf(route: string, password: string): readonly string[] {
  const peer = ['remote-as 65002', `password ${password}`].map(
    (line) => ` neighbor 10.9.0.2 ${line}`,
  );
  return [`ip route 10.8.0.0/24 ${route}`, 'router bgp 65001', ...peer, 'exit'];
}

it('a black hole in a running router is rolled back, and what it starts with', async (test) => {
  const vtysh = hostProgram(test, 'vtysh', 'frr');
  const programs = hostProgram(test, 'python3', 'frr-pythontools');
  if (vtysh === undefined || programs === undefined) return;
  const lacks = frrLacks();
  if (lacks !== undefined) return test.skip(`SKIPPED: ${lacks}`);
  await using daemon = await realDaemon();
  const root = join(daemon.folder, 'router');
  await fs.mkdir(root);
  const router = new FrrPlace(root);
  const file = join(root, 'etc', 'frr.conf');
  const reaches = async (): Promise<true | undefined> => {
    const asked = spawnSync('ip', ['-n', router.name, 'route', 'get', '10.8.0.1']);
    return asked.status === 0 ? true : undefined;
  };
  try {
    await router.start();
    const good = linesOf('10.9.0.2', 'hunter2-then');
    router.tell(good);
    await fs.writeFile(file, `${good.join('\n')}\n`);
    await until('the route is there', reaches);
    const [ui = 0, otlp = 0] = await freePorts(2);
    await daemon.start(`version: 1
listen: { ui: "127.0.0.1:${ui}", otlpHttp: "127.0.0.1:${otlp}", otlpGrpc: false,
  syslogUdp: false, syslogTcp: false }
sources: []
components:
  - name: r1
    kind: network-device
    state:
      - { provider: frr, pathspace: ${router.name}, persistent: [${JSON.stringify(file)}] }
    health: [ { command: [ip, -n, ${router.name}, route, get, 10.8.0.1] } ]
    reach: [ { command: [ip, -n, ${router.name}, link, show, lo] } ]
checkpoints: { schedule: false }
rollback: { confirmTimeout: 60s, onSilence: revert, gate: { samples: 2, interval: 300ms } }
`);
    const taken = await daemon.run(['checkpoint', 'take']);
    assert.equal(taken.code, 0, taken.complaint);

    router.tell(['no ip route 10.8.0.0/24 10.9.0.2', ...linesOf('blackhole', 'hunter2-now')]);
    await fs.writeFile(file, linesOf('blackhole', 'hunter2-now').join('\n'));
    await until('the route is a black hole', async () => ((await reaches()) ? undefined : true));

    const planned = await daemon.run(['rollback', 'plan', String(member(taken.printed[0], 'id'))]);
    assert.equal(planned.code, 0, planned.complaint);
    const ids = [taken, await daemon.run(['checkpoint', 'take'])].map(({ printed }) =>
      String(member(printed[0], 'id')),
    );
    const differing = await daemon.run(['checkpoint', 'diff', ...ids]);
    const shown = JSON.stringify([planned.printed, differing.printed]);
    assert.match(shown, /\+ip route 10\.8\.0\.0\/24 blackhole/);
    assert.doesNotMatch(shown, /would change/, 'the file and what runs agree');
    assert.equal(shown.includes('hunter2'), false, 'a password is shown');
    const words = ['rollback', 'apply', String(member(planned.printed[0], 'id'))];
    const end = await confirmedRun(daemon, words);
    assert.equal(end.code, 0, end.complaint);
    assert.equal(member(end.printed.at(-1), 'state'), 'COMMITTED');
    await until('the route is there again', reaches);
    assert.equal(await fs.readFile(file, 'utf8'), `${good.join('\n')}\n`);
    const { stdout } = router.vtysh(['-c', 'show running-config']);
    assert.match(stdout, /password hunter2-then/);
    assert.doesNotMatch(stdout, /blackhole/);
  } finally {
    await router.end();
  }
});
