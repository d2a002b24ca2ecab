import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FORMATS } from '../../evidence/normalize/formats.ts';
import { NO_OVERLAY } from '../../model/evidence/clock-overlay.ts';
import { dataFiles } from './data-files.ts';
import { FileTimeline } from './file-timeline.ts';
import { readData } from './read-data.ts';
import { refuseInVain } from './tell-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastgood-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const never = new AbortController().signal;

async function timelineOf(words: readonly string[], filter = {}) {
  const timeline = new FileTimeline(filter);
  const read = await readData(dataFiles(words), (batch) => timeline.add(batch), never);
  return { read, records: [...timeline.records(NO_OVERLAY)] };
}

test('files of several formats become one timeline, in the order of what happened', async () => {
  file('app.log', '2026-11-20T10:00:02Z ERROR payment refused\n');
  file('router.log', '<11>1 2026-11-20T10:00:01Z r1 ospfd - - - neighbor down\n');
  file(
    'journal.json',
    '{"__REALTIME_TIMESTAMP":"1795168800500000","_HOSTNAME":"vm","MESSAGE":"link down"}\n',
  );
  const { records, read } = await timelineOf([folder]);
  assert.deepEqual(
    records.map(({ body }) => body),
    ['link down', 'neighbor down', '2026-11-20T10:00:02Z ERROR payment refused'],
  );
  assert.deepEqual(
    read.map(({ format }) => format),
    ['text', 'journal-json', 'syslog'],
  );
});

test('packed files are unpacked; a stamp without a year is of when they were written', async () => {
  const path = file('messages.gz', gzipSync('Nov 20 10:00:01 r1 ospfd[1]: neighbor down\n'));
  utimesSync(path, new Date(), new Date('2024-12-01T00:00:00Z'));
  const { records } = await timelineOf([path]);
  assert.match(records[0]?.time ?? '', /^2024-11-20T/);
});

test('records that say no time are counted, for theirs is that of the file', async () => {
  file('a.log', '2026-11-20T10:00:02Z first\nno time at all\n');
  const { read } = await timelineOf([folder]);
  assert.deepEqual([read[0]?.records, read[0]?.undated], [2, 1]);
});

test('a format may be named, and what is binary must be', async () => {
  const text = file('odd', '<11>1 2026-11-20T10:00:01Z r1 ospfd - - - down\n');
  const { records } = await timelineOf([`text:${text}`]);
  assert.match(String(records[0]?.body), /^<11>1 /);
  const binary = file('core', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0]));
  await assert.rejects(timelineOf([binary]), /LG_INGEST_FILE_UNREADABLE: .*FORMAT:/);
  const { read } = await timelineOf([folder]);
  assert.equal(read.find(({ path }) => path === binary)?.format, undefined);
  await assert.rejects(timelineOf([join(folder, 'gone')]), /LG_INGEST_FILE_UNREADABLE: .*gone/);
});

test('links that lead nowhere or back, and pipes, do not keep one from reading', async () => {
  file('a.log', 'INFO fine\n');
  symlinkSync('nowhere', join(folder, 'gone'));
  symlinkSync('.', join(folder, 'self'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { records } = await timelineOf([folder]);
  assert.equal(records.length, 1);
  await assert.rejects(timelineOf([join(folder, 'pipe')]), /LG_INGEST_FILE_UNREADABLE: .*no file/);
});

test('a line nested without end is a line like any other', async () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  file('a.log', `INFO before\n{"msg":"x","a":${deep}}\nINFO after\n`);
  assert.equal((await timelineOf([folder])).records.length, 3);
  const journal = `{"__REALTIME_TIMESTAMP":"1795168800500000","MESSAGE":${deep}}\n`;
  const { read } = await timelineOf([file('journal.json', journal)]);
  assert.equal(read[0]?.rejects, 1);
  const path = file('alerts', journal.trim());
  const alerts = await timelineOf([`alertmanager:${path}`]);
  assert.equal(alerts.read[0]?.rejects, 1);
});

test('the data directory of a daemon is no folder of logs', async () => {
  mkdirSync(join(folder, 'data/evidence'), { recursive: true });
  file('data/key', 'secret');
  await assert.rejects(timelineOf([folder]), /LG_RUNTIME_USAGE: .*data directory of a daemon/);
});

test('what a filter leaves out is neither shown nor held', async () => {
  file('a.log', 'INFO fine\nERROR broken pipe\nERROR timeout\n');
  const errors = await timelineOf([folder], { minSeverity: 17 });
  assert.equal(errors.records.length, 2);
  const pipe = await timelineOf([folder], { text: 'BROKEN' });
  assert.deepEqual(
    pipe.records.map(({ body }) => body),
    ['ERROR broken pipe'],
  );
});

test('a file of which nothing is of the format it was said to be of is an error', async () => {
  const words = file('words', 'hello\nworld\n');
  const nothing = file('nothing', '');
  for (const format of Object.keys(FORMATS)) {
    const { read } = await timelineOf([`${format}:${words}`, words]);
    const took = read[0]?.records ?? 0;
    if (took > 0) assert.doesNotThrow(() => refuseInVain(read), format);
    else assert.throws(() => refuseInVain(read), /LG_INGEST_FILE_UNREADABLE.*words is/, format);
    const empty = await timelineOf([`${format}:${nothing}`]);
    assert.doesNotThrow(() => refuseInVain(empty.read), format);
  }
});

test('a format that is none is told with those that are, and no file is looked for', async () => {
  await assert.rejects(
    timelineOf([`chrony:${file('a.log', 'INFO fine\n')}`]),
    /LG_RUNTIME_USAGE: there is no format chrony; formats: .*syslog/,
  );
  await assert.rejects(timelineOf([join(folder, 'b:c.log')]), /LG_INGEST_FILE_UNREADABLE/);
});

test('a capture of Wireshark may be called by the name of its format', async () => {
  const header = '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000';
  const capture = file('a.pcapng', Buffer.from(header, 'hex'));
  const { read } = await timelineOf([`pcapng:${capture}`]);
  assert.deepEqual([read[0]?.format, read[0]?.rejects], ['pcapng', 0]);
});

test('of a folder said to be of one format only all of it in vain is an error', async () => {
  file('words', 'hello\nworld\n');
  const { read } = await timelineOf([`nagios:${folder}`]);
  assert.throws(() => refuseInVain(read), /none of .*words is nagios: 2 rejects, no record/);
  file('alerts', '[1795168801] SERVICE ALERT: web1;HTTP;CRITICAL;HARD;3;refused\n');
  const mixed = await timelineOf([`nagios:${folder}`]);
  assert.doesNotThrow(() => refuseInVain(mixed.read));
});

test('a packed file that unfolds without end is read no further, the others are', async () => {
  const line = `2026-11-20T10:00:01Z INFO ${'a'.repeat(8000)}\n`;
  file('bomb.log.gz', gzipSync(line.repeat(10_000)));
  file('last.log', '2026-11-20T10:00:02Z INFO after it\n');
  let rows = 0;
  const files = dataFiles([folder]);
  const [bomb, last] = await readData(files, (batch) => (rows += batch.rows), never);
  assert.match(
    bomb?.cut ?? '',
    /^LG_INGEST_FILE_EXPANDS: \S+bomb\.log\.gz unpacks to \d+ times .*limits: 400 times.*gunzip/,
  );
  assert.deepEqual([last?.cut, last?.records], [undefined, 1]);
  // What it held up to there is not lost.
  assert.equal(rows, (bomb?.records ?? 0) + 1);
  assert.ok(rows > 8_000 && rows < 10_000, `${rows}`);
});
