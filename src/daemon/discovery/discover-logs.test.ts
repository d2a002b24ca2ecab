import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { discoverLogs, type SeenLogFile, type SeenLogs } from './discover-logs.ts';

const text = (name: string): SeenLogFile => ({ name, start: utf8('Nov 21 words\n') });
const closed = (name: string): SeenLogFile => ({ name });
const binary = (name: string): SeenLogFile => ({ name, start: Uint8Array.of(1, 0, 2) });

const debian: SeenLogs = {
  top: {
    path: '/var/log',
    files: [
      ...['syslog', 'kern.log', 'dpkg.log', 'dpkg.log.1', 'dpkg.log.2.gz', 'README'].map(text),
      closed('auth.log'),
      ...['wtmp', 'btmp', 'lastlog', 'tables.log'].map(binary),
    ],
  },
  folders: [
    { path: '/var/log/nginx', files: [text('access.log'), closed('error.log'), text('a.log.1')] },
    { path: '/var/log/apache2', files: [text('error_log'), text('error_log-20261120')] },
    { path: '/var/log/redis' },
    { path: '/var/log/journal', files: [] },
    { path: '/var/log/empty', files: [] },
    { path: '/var/log/mixed', files: [text('a.log'), binary('b.log')] },
  ],
  hasJournal: true,
};

test('finds what programs write beside the journal, and asks for what may not be read', () => {
  assert.deepEqual(discoverLogs(debian), [
    { name: 'logs', paths: ['/var/log/dpkg.log'] },
    { name: 'apache2-logs', paths: ['/var/log/apache2/error_log'], service: 'apache2' },
    { name: 'mixed-logs', paths: ['/var/log/mixed/a.log'], service: 'mixed' },
    { name: 'nginx-logs', paths: ['/var/log/nginx/*.log'], service: 'nginx' },
    { name: 'redis-logs', paths: ['/var/log/redis/*.log'], service: 'redis' },
  ]);
});

test('reads what syslog writes where the journal cannot be read', () => {
  const [logs] = discoverLogs({ ...debian, hasJournal: false });
  assert.deepEqual(logs?.paths, [
    '/var/log/auth.log',
    '/var/log/dpkg.log',
    '/var/log/kern.log',
    '/var/log/syslog',
  ]);
});

test('stays bounded on a host with very many logs', () => {
  const files = Array.from({ length: 500 }, (_, at) => text(`program-${at}.log`));
  const folders = Array.from({ length: 500 }, (_, at) => ({ path: `/var/log/${at}`, files }));
  const found = discoverLogs({ top: { path: '/var/log', files }, folders, hasJournal: false });
  assert.ok(found.length <= 24);
  assert.ok(found.every(({ paths }) => paths.length <= 41));
});

test('finds nothing where there is nothing', () => {
  assert.deepEqual(discoverLogs({ top: { path: '/var/log' }, folders: [], hasJournal: false }), []);
});
