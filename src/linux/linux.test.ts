import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseGroup, parsePasswd } from './accounts.ts';
import { parseMountInfo } from './mount-info.ts';
import { parseCommandLine, parseProcessStat } from './process-stat.ts';
import { parseSocketTable, socketAddress } from './socket-table.ts';
import { parseUptime } from './uptime.ts';

test('accounts are read without passwords, and lines of NIS are passed over', () => {
  const passwd = 'root:SECRET:0:0:Root:/root:/bin/sh\n+::::::\n# a remark\nbo:x:a:b::/:/bin/sh\n';
  assert.deepEqual(parsePasswd(passwd), [
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' },
  ]);
  assert.deepEqual(parseGroup('adm:x:4:syslog,bo\nempty:x:5:\n+:::\n'), [
    { name: 'adm', gid: 4, members: ['syslog', 'bo'] },
    { name: 'empty', gid: 5, members: [] },
  ]);
});

test('what this very kernel writes is understood', () => {
  const own = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
  assert.equal(own?.pid, process.pid);
  assert.equal(own?.parent, process.ppid);
  assert.equal(parseCommandLine(readFileSync('/proc/self/cmdline', 'utf8')).length >= 2, true);
  const mounts = parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  assert.ok(mounts.some(({ point }) => point === '/'));
  assert.ok((parseUptime(readFileSync('/proc/uptime', 'utf8')) ?? 0) > 0);
});

test('whatever a name holds, the fields behind it stay where they are', () => {
  const name = fc.string({ unit: 'binary', maxLength: 15 });
  fc.assert(
    fc.property(name, fc.nat(), (shown, parent) => {
      const zeros = Array(14).fill('0').join(' ');
      const stat = parseProcessStat(`7 (${shown}) S ${parent} 3 2 0 ${zeros} 4200 1 2`);
      assert.deepEqual([stat?.name, stat?.parent, stat?.startedTicks], [shown, parent, 4200]);
    }),
  );
});

test('no text breaks a parser, and what is answered is of the right form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseProcessStat(text);
      for (const { uid, name } of parsePasswd(text)) assert.ok(uid >= 0 && name !== '');
      for (const { point } of parseMountInfo(text)) assert.ok(point.startsWith('/'));
      for (const { localPort } of parseSocketTable(text)) assert.ok(localPort < 65_536);
    }),
  );
});

test('an address is read in the byte order of the machine that printed it', () => {
  assert.equal(socketAddress('0100007F', true), '127.0.0.1');
  assert.equal(socketAddress('7F000001', false), '127.0.0.1');
  assert.equal(socketAddress('00000000000000000000000001000000', true), '::1');
});
