import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, fromHex, utf8 } from '../../base/bytes.ts';
import { detectFormat } from './detect-format.ts';
import { FORMATS } from './formats.ts';

const TEXTS: readonly (readonly [string, string])[] = [
  ['syslog', '<34>1 2003-10-11T22:14:15.003Z host app - - - hello'],
  ['syslog', '<13>Oct 11 22:14:15 host app: hello'],
  ['syslog', '57 <34>1 2003-10-11T22:14:15.003Z host app - - - hello'],
  ['syslog', 'Oct  1 22:14:15 host sshd[12]: hello'],
  ['syslog', '2026-11-20T23:33:22.5+00:00 vm ospfd[2761]: hello'],
  ['journal-export', '__CURSOR=s=94b;i=1\n__REALTIME_TIMESTAMP=1\n'],
  ['journal-json', '{"MESSAGE":"a","__REALTIME_TIMESTAMP":"1"}'],
  ['otlp-json', '{"resourceLogs":[]}\n{"resourceSpans":[]}\n'],
  ['otlp-json', '{\n  "resourceSpans": [\n'],
  ['alertmanager', '{"receiver":"a","status":"firing","alerts":[]}'],
  ['alertmanager', '[\n  {"labels": {"alertname": "a"}}\n]'],
  ['nagios', '[1795217345] SERVICE ALERT: host;svc;CRITICAL;HARD;3;no'],
  ['nagios', 'NAGIOS_ADMINEMAIL=\nNAGIOS_ARG1=\n'],
  ['kmsg', '6,448,1365243226,-;Booting'],
  ['kmsg', '6,448,1365243226,c,caller=T1;Booting'],
  ['kmsg', '[    0.000000] Linux version 6.1'],
  ['kmsg', 'kern  :err   : [ 1365.243264] Memory cgroup out of memory'],
  ['kmsg', 'kern  :err   : 2026-11-20T23:30:34,243264+00:00 Memory cgroup out of memory'],
  ['kmsg', '2026-11-20T23:30:34,243264+00:00 Memory cgroup out of memory'],
  ['kmsg', '[Sat Nov 21 01:29:29 2026] Linux version 6.1'],
  ['kmsg', '{\n   "dmesg": [\n      {\n         "pri": 5,\n'],
  ['kmsg', '{"dmesg":[{"pri":5,"time":0.1,"msg":"a"}]}'],
  ['text', '[1795217034.626804]\t    [NEW] ipv4     2 tcp'],
  ['text', '2026/11/20 23:20:45.412778 OSPF: hello'],
  ['text', '{"level":30,"time":1795217345000,"msg":"hello"}'],
  ['text', ''],
  ['text', '\u001b[31mred\u001b[0m'],
];

test('a format is told by how a file begins', () => {
  for (const [format, text] of TEXTS) {
    assert.equal(detectFormat(utf8(text)), format, text);
    assert.equal(detectFormat(utf8(`\n${text}`)), format, `after an empty line: ${text}`);
  }
});

test('binary formats are told by their first bytes, and what fits none is not guessed', () => {
  const begins: readonly (readonly [string | undefined, string])[] = [
    ['pcap', 'd4c3b2a1 0200 0400'],
    ['pcap', 'a1b23c4d 0002 0004'],
    ['pcap', '0a0d0d0a 1c000000'],
    ['rtmon', '18000000 0f00 0000'],
    ['otlp-protobuf', '0a8001 0a05'],
    [undefined, '4c504b5348485248 00000000'],
    [undefined, '7f454c46 02010100'],
  ];
  for (const [format, hex] of begins) {
    const bytes = fromHex(hex.replaceAll(' ', '')) ?? assert.fail();
    assert.equal(detectFormat(concatBytes([bytes, new Uint8Array(40)])), format, hex);
  }
});

test('whatever is told is a format there is', () => {
  for (const [format] of TEXTS) assert.ok(format in FORMATS, format);
});
