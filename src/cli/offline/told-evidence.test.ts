import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { parseRfc3339 } from '../../base/time.ts';
import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import { NO_OVERLAY } from '../../model/evidence/clock-overlay.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { dataFiles } from './data-files.ts';
import { rankTold } from './rank-told.ts';
import { rareErrors } from './read-counts.ts';
import { readData } from './read-data.ts';
import { ToldRecords } from './told-evidence.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastgood-told-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (time: string): bigint => parseRfc3339(`2026-11-20T${time}Z`) ?? 0n;
const unix = (time: string): number => Number(at(time) / 1_000_000_000n);

type Files = Readonly<Record<string, string | Uint8Array>>;

const INVENTORY = {
  resolve: createEntityResolver(),
  dependencies: [],
  passive: [],
  addresses: { '10.0.0.2:80': 'shop' },
};

/** What these files tell, with the incident from 10:00 to 10:05 and an hour before it. */
async function gathered(files: Files) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const batches: RecordBatch[] = [];
  const names = Object.keys(files).map((name) => join(folder, name));
  await readData(dataFiles(names), (batch) => batches.push(batch), new AbortController().signal);
  const windows = {
    incident: { fromNs: at('10:00:00'), toNs: at('10:05:00') },
    baseline: { fromNs: at('09:00:00'), toNs: at('10:00:00') },
  };
  const records = new ToldRecords(windows, NO_OVERLAY);
  for (const batch of batches) records.add(batch);
  return records.end(INVENTORY);
}

/** What is said of these files. */
async function ranked(files: Files) {
  const told = await gathered(files);
  const incident = {
    from: '2026-11-20T10:00:00.000000000Z',
    to: '2026-11-20T10:05:00.000000000Z',
  };
  const { suspects, rollback } = rankTold(incident, [], told, INVENTORY, []);
  return { suspects, rollback, notes: [...told.notes, ...rareErrors(told.evidence, suspects)] };
}

const alert = (time: string, ...fields: readonly string[]): string =>
  `[${unix(time)}] SERVICE ALERT: ${fields.join(';')}\n`;

test('a raised alert names whom it is about, less so when it is raised all the time', async () => {
  const always = ['09:10:00', '09:20:00', '09:30:00', '10:02:00'].map((time) =>
    alert(time, 'db1', 'DISK', 'WARNING', 'HARD', '3', 'disk is 91 % full'),
  );
  const log = [
    ...always,
    alert('10:00:10', 'web1', 'HTTP', 'CRITICAL', 'HARD', '3', 'Connection refused'),
    alert('10:01:10', 'web2', 'HTTP', 'OK', 'HARD', '1', 'HTTP OK'),
  ].join('');
  const { suspects, rollback } = await ranked({ 'nagios.log': log });
  assert.deepEqual(
    suspects.map(({ component }) => component),
    ['web1', 'db1'],
  );
  const [first, second] = suspects;
  assert.equal(first?.reasons[0]?.text, 'nagios raised HTTP at 10:00:10 UTC: Connection refused');
  assert.match(second?.reasons[0]?.text ?? '', /before: 3 times$/);
  assert.ok((first?.score ?? 0) > 2 * (second?.score ?? 1));
  assert.equal(rollback.helps, 'unknown');
});

test('alerts that are over, and logs without an error, are counted and blame nobody', async () => {
  const { suspects, notes } = await ranked({
    'nagios.log': alert('10:01:10', 'web2', 'HTTP', 'OK', 'HARD', '1', 'HTTP OK'),
    'app.log': '2026-11-20T10:00:02Z INFO well\n',
  });
  assert.deepEqual(suspects, []);
  assert.deepEqual(notes, [
    '1 alert within the incident; none that is raised',
    '1 log record without a trace within the incident; no error among them',
  ]);
});

test('errors outside of traces blame who logs them; too few are told all the same', async () => {
  const line = (time: string, words: string): string => `2026-11-20T${time}Z ${words}\n`;
  const minutes = Array.from({ length: 60 }, (_, at) => String(at).padStart(2, '0'));
  const { suspects, notes } = await ranked({
    'till.log': [
      ...minutes.map((minute) => line(`09:${minute}:00`, 'INFO sold')),
      ...minutes.map((second) => line(`10:00:${second}`, 'ERROR cannot open the drawer')),
    ].join(''),
    'lamp.log': [
      ...minutes.map((minute) => line(`09:${minute}:00`, 'INFO on')),
      ...minutes.map((second) => line(`10:01:${second}`, 'INFO on')),
      line('10:02:00', 'ERROR flicker'),
    ].join(''),
  });
  assert.deepEqual(
    suspects.map(({ component }) => component),
    ['till.log'],
  );
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /^lamp.log logs ".*flicker" 1 time, .*too little to judge by$/);
});

const record = (time: string, name: string, severity: number, more = ''): string =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
        scopeLogs: [
          {
            logRecords: [
              {
                timeUnixNano: String(at(time)),
                severityNumber: severity,
                eventName: name,
                body: { stringValue: more },
                attributes: [{ key: 'change.actor', value: { stringValue: 'alice' } }],
              },
            ],
          },
        ],
      },
    ],
  });

test('a change that an event tells is a candidate, and no rollback is promised', async () => {
  const { suspects, rollback } = await ranked({
    'otlp.jsonl': [
      record('09:59:30', 'deployment.completed', 9, 'v42'),
      record('10:00:05', 'network.neighbor.state_changed', 17, '2.2.2.2 is down'),
    ].join('\n'),
  });
  const [first] = suspects;
  assert.equal(first?.component, 'checkout');
  assert.equal(first.kind, 'change');
  assert.deepEqual(first.order, {
    word: 'before',
    text: 'the change came 35 s before the trouble began',
  });
  assert.deepEqual(
    first.reasons.map(({ text }) => text),
    [
      'checkout/deployment: deployment.completed by alice at 09:59:30 UTC (v42) ' +
        '35 s before the trouble began',
      'it reported network.neighbor.state_changed at 10:00:05 UTC: 2.2.2.2 is down',
    ],
  );
  assert.equal(rollback.helps, 'unknown');
  assert.match(rollback.why, /there is no checkpoint to go back to/);
});

test('of a flood of changes the newest stay, of all files; others are counted', async () => {
  const second = (at: number): string => String(at % 60).padStart(2, '0');
  const changes = (minute: string) =>
    Array.from({ length: 220 }, (_, at) =>
      record(`${minute}:${second(at)}`, 'config.changed', 9, `of ${minute}`),
    ).join('\n');
  const told = await gathered({ 'a.jsonl': changes('09:50'), 'b.jsonl': changes('09:20') });
  assert.equal(told.changes.length, 200);
  assert.ok(told.changes.every(({ notAfter = '' }) => notAfter.includes('T09:50')));
  assert.equal(told.evidence.dropped, 240);
  assert.ok(told.notes.includes('left out, there being too many: 240 older changes'));
});

test('troubles that find no room are counted and told', async () => {
  const raised = Array.from({ length: 2_005 }, (_, at) =>
    alert('10:00:10', `web${at}`, 'HTTP', 'CRITICAL', 'HARD', '3', 'refused'),
  );
  const told = await gathered({ 'nagios.log': raised.join('') });
  assert.equal(told.evidence.dropped, 5);
  assert.ok(told.notes.includes('left out, there being too many: 5 further reports'));
});

const SYN = 2;
const SYN_ACK = 18;
const RST_ACK = 20;

/** A capture of TCP packets between a client and 10.0.0.2:80. */
function capture(packets: readonly (readonly [time: string, port: number, flags: number])[]) {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([head, ...packets.map(packetOf)]);
}

function packetOf([time, port, flags]: readonly [time: string, port: number, flags: number]) {
  const isAnswer = flags !== SYN;
  const bytes = Buffer.alloc(16 + 54);
  bytes.writeUInt32LE(unix(time), 0);
  bytes.writeUInt32LE(isAnswer ? 500 : 0, 4);
  bytes.writeUInt32LE(54, 8);
  bytes.writeUInt32LE(54, 12);
  const ip = 16 + 14;
  bytes.writeUInt16BE(0x0800, ip - 2);
  bytes[ip] = 0x45;
  bytes.writeUInt16BE(40, ip + 2);
  bytes[ip + 9] = 6;
  bytes.set(isAnswer ? [10, 0, 0, 2, 10, 0, 0, 9] : [10, 0, 0, 9, 10, 0, 0, 2], ip + 12);
  bytes.writeUInt16BE(isAnswer ? 80 : port, ip + 20);
  bytes.writeUInt16BE(isAnswer ? port : 80, ip + 22);
  bytes[ip + 32] = 0x50;
  bytes[ip + 33] = flags;
  return bytes;
}

test('refused connections name who does not listen; a capture without any says so', async () => {
  const ports = Array.from({ length: 30 }, (_, port) => 40_000 + port);
  const well = ports.flatMap((port) => [
    ['09:30:00', port, SYN] as const,
    ['09:30:00', port, SYN_ACK] as const,
  ]);
  const refused = ports.flatMap((port) => [
    ['10:00:20', 1_000 + port, SYN] as const,
    ['10:00:20', 1_000 + port, RST_ACK] as const,
  ]);
  const bad = await ranked({ 'wan.pcap': capture([...well, ...refused]) });
  assert.equal(bad.suspects[0]?.component, 'shop');
  assert.equal(bad.suspects[0].kind, 'process');
  assert.match(bad.suspects[0].reasons[0]?.text ?? '', /^shop took none of 30 connections/);
  assert.match(
    bad.notes[0] ?? '',
    /30 connections opened: 30 refused \(10.0.0.9 to 10.0.0.2 port 80: 30\)/,
  );

  const later = ports.map((port) => ['10:00:20', port, SYN_ACK] as const);
  const calm = ports.map((port) => ['10:00:20', port, SYN] as const);
  const good = await ranked({ 'wan.pcap': capture([...well, ...calm, ...later]) });
  assert.deepEqual(good.suspects, []);
  assert.deepEqual(good.notes, [
    '60 packets within the incident, 30 connections opened; ' +
      'no refused or unanswered connection among them',
  ]);
});
