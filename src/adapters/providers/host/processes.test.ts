import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { longLived, programName, runningProcess, type RunningProcess } from './processes.ts';
import { processItems, unitItems } from './services.ts';

const NGINX =
  '812 (nginx) S 1 812 812 0 -1 4194368 1 0 0 0 0 0 0 0 20 0 1 0 4200 ' +
  '56729600 400 18446744073709551615';

function daemon(more: Partial<RunningProcess>): RunningProcess {
  const parsed = runningProcess(NGINX, 'nginx: master process /usr/sbin/nginx\0');
  assert.ok(parsed !== undefined);
  return { ...parsed, ...more };
}

test('a process is read from what proc(5) describes, whatever its name holds', () => {
  const odd = runningProcess(NGINX.replace('(nginx)', '(a) (b c)'), '/opt/a\0--token\0hunter2\0');
  assert.equal(odd?.name, 'a) (b c');
  assert.equal(odd?.parent, 1);
  assert.equal(odd?.startedTicks, 4200);
  assert.equal(programName(daemon({})), 'nginx');
  assert.equal(programName(daemon({ words: ['/usr/bin/python3', 'x.py'] })), 'python3');
  const own = runningProcess(
    readFileSync('/proc/self/stat', 'utf8'),
    readFileSync('/proc/self/cmdline', 'utf8'),
  );
  assert.equal(own?.pid, process.pid);
});

test('services are what runs for a minute without a terminal, apart from who started it', () => {
  const others = [
    daemon({ pid: 1, parent: 0, name: 'init' }),
    daemon({ pid: 20, terminal: 34_816 }),
    daemon({ pid: 21, parent: 20, session: 20 }),
    daemon({ pid: 22, startedTicks: 9_000 }),
    daemon({ pid: 2, words: [] }),
    daemon({ pid: 23 }),
  ];
  const found = longLived([daemon({}), ...others], 110_000, new Set([23]));
  assert.deepEqual(
    found.map(({ pid }) => pid),
    [812, 1],
  );
});

test('the arguments of a program are told by a hash only', () => {
  const items = processItems([daemon({ words: ['/opt/app', '--password', 'hunter2'] })]);
  assert.equal(items.length, 1);
  assert.equal(JSON.stringify(items).includes('hunter2'), false);
});

test('units that run or failed are services; sessions and what starts just now are not', () => {
  const output = `nginx.service    loaded active   running A high performance web server
backup.service   loaded failed   failed  Nightly backup
apt-daily.service loaded activating start Daily apt
user@1000.service loaded active  running User Manager
ssh.socket       loaded active   running OpenBSD Secure Shell
`;
  const told = unitItems(output).map(({ attributes }) => [attributes['name'], attributes['state']]);
  assert.deepEqual(told, [
    ['nginx.service', 'running'],
    ['backup.service', 'failed'],
  ]);
});
