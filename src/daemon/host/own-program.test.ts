import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnProgram } from './own-program.ts';

test('lastgood knows its own programs, however they were started', () => {
  for (const line of [
    'node /usr/bin/lastgood up --host-socket /run/lastgood/host.sock',
    'node /usr/bin/lastgood host --config /etc/lastgood/lastgood.yaml',
    'node bin/lastgood up',
    '/opt/node24/bin/node --max-old-space-size=512 /srv/app/node_modules/.bin/lastgood up',
    '/usr/bin/node /usr/lib/node_modules/lastgood/dist/daemon/host/process.js',
    '/usr/bin/node /srv/lastgood/src/daemon/evidence/process.ts',
  ]) {
    assert.ok(isOwnProgram(line.split(' ')), line);
  }
});

test('a program that only names lastgood is none of it', () => {
  for (const line of [
    'less /usr/bin/lastgood',
    'node /srv/app/server.js /usr/bin/lastgood',
    'python3 /opt/x/daemon/other/process.js',
    'grep -r lastgood /etc',
    'nginx: master process /usr/sbin/nginx',
    '',
  ]) {
    assert.equal(isOwnProgram(line.split(' ')), false, line);
  }
});
