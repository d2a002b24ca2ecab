import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { timeNs } from '../../../base/time.ts';
import { printRows } from '../../../testing/print-rows.ts';
import { journalJsonNormalizer } from './journal-json-normalizer.ts';

const normalize = (text: string) => {
  const normalizer = journalJsonNormalizer({
    source: 'journal',
    observedNs: () => timeNs(1n),
    resolve: (resource) => ({
      host: String(resource['host.name'] ?? ''),
      service: String(resource['service.name'] ?? ''),
    }),
  });
  return [...normalizer.push(utf8(text)), ...normalizer.end()];
};

test('reads entries of the journal, with the time of their sender', () => {
  const [part] = normalize(
    '{"__REALTIME_TIMESTAMP":"1795216923805195","_SOURCE_REALTIME_TIMESTAMP":"1795216923805000",' +
      '"__CURSOR":"s=1","PRIORITY":"3","SYSLOG_FACILITY":"4","_HOSTNAME":"web1","_PID":"12",' +
      '"_SYSTEMD_UNIT":"nginx.service","SYSLOG_IDENTIFIER":"nginx",' +
      '"MESSAGE":"failed","ORDER_ID":"7"}\n',
  );
  assert.ok(part?.kind === 'batch');
  const [row] = printRows(part.batch);
  assert.deepEqual(
    [row?.time, row?.severity, row?.host, row?.service, row?.body],
    [1_795_216_923_805_000_000n, 17, 'web1', 'nginx', 'failed'],
  );
  const attributes = Object(JSON.parse(row?.attributes ?? ''));
  assert.deepEqual(
    [attributes['process.pid'], attributes['ORDER_ID'], attributes['syslog.facility']],
    ['12', '7', 4],
  );
  assert.deepEqual(part.batch.position, ['s=1']);
});

test('reads a message that is no UTF-8, and separators of json-seq', () => {
  const [part] = normalize('\u001e{"__REALTIME_TIMESTAMP":"1","MESSAGE":[98,105,110,255]}\n');
  assert.ok(part?.kind === 'batch');
  assert.equal(printRows(part.batch)[0]?.body, 'binÿ');
});

test('rejects what is no entry and goes on', () => {
  const parts = normalize('{"MESSAGE":"no time"}\nnot json\n{"__REALTIME_TIMESTAMP":"1"}\n');
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['reject', 'reject', 'batch'],
  );
});

test('makes an event of what systemd tells of a unit, as the unit', () => {
  const failed = {
    __REALTIME_TIMESTAMP: '1',
    MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c',
    MESSAGE: "shop.service: Failed with result 'exit-code'.",
    PRIORITY: '4',
    _SYSTEMD_UNIT: 'init.scope',
    UNIT: 'shop.service',
    _PID: '1',
    _UID: '0',
  };
  const claimed = { ...failed, _PID: '4711', _UID: '1000', _SYSTEMD_UNIT: 'other.service' };
  const [part] = normalize(`${JSON.stringify(failed)}\n${JSON.stringify(claimed)}\n`);
  assert.ok(part?.kind === 'batch');
  const rows = printRows(part.batch);
  assert.deepEqual(
    rows.map(({ service, eventName, severity }) => [service, eventName, severity]),
    [
      ['shop', 'process.crashed', 17],
      ['other', '', 13],
    ],
  );
});

test('keeps neither memory nor environment of a crashed process', () => {
  const crash = {
    __REALTIME_TIMESTAMP: '1',
    MESSAGE_ID: 'fc2e22bc6ee647b6b90729ab34a250b1',
    MESSAGE: 'Process 12 (shop) of user 33 dumped core.',
    COREDUMP_UNIT: 'shop.service',
    COREDUMP_ENVIRON: 'DATABASE_PASSWORD=hunter2',
    COREDUMP: 'hunter2',
    COREDUMP_SIGNAL_NAME: 'SIGSEGV',
    _UID: '0',
  };
  const [part] = normalize(`${JSON.stringify(crash)}\n`);
  assert.ok(part?.kind === 'batch');
  const [row] = printRows(part.batch);
  assert.equal(row?.service, 'shop');
  assert.match(row?.attributes ?? '', /SIGSEGV/);
  assert.doesNotMatch(row?.attributes ?? '', /hunter2/);
});
