import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSource } from '../../src/adapters/sources/file/file-source.ts';
import { localFileAccess } from '../../src/adapters/sources/file/file-access.ts';
import { localHostAccess } from '../../src/adapters/sources/host/host-access.ts';
import { createHostSource } from '../../src/adapters/sources/host/host-source.ts';
import { createJournaldSource } from '../../src/adapters/sources/journald/journald-source.ts';
import { WrittenJournal } from '../../src/adapters/sources/journald/testdata/written-journal.ts';
import { createKmsgSource } from '../../src/adapters/sources/kmsg/kmsg-source.ts';
import { createNetlinkSource } from '../../src/adapters/sources/netlink/netlink-source.ts';
import { createOtlpSource } from '../../src/adapters/sources/otlp/otlp-source.ts';
import { localPrograms } from '../../src/base/programs.ts';
import { ok } from '../../src/base/result.ts';
import { timeNs } from '../../src/base/time.ts';
import { createEntityResolver } from '../../src/evidence/align/resolve-entity.ts';
import { encodeParsed } from '../../src/evidence/normalize/otlp/encode-json.ts';
import { journalExportNormalizer } from '../../src/evidence/normalize/journal/export-normalizer.ts';
import { liveKmsgNormalizer } from '../../src/evidence/normalize/kernel/kmsg-normalizer.ts';
import { createNetlinkDecoder } from '../../src/evidence/normalize/netlink/netlink-decoder.ts';
import { createOtlpDecoder } from '../../src/evidence/normalize/otlp/otlp-decoder.ts';
import { createLineNormalizer } from '../../src/evidence/normalize/text/add-line.ts';
import type { RunningSource } from '../../src/ports/source.ts';
import { testSource } from '../../src/testing/source-conformance.ts';
import { GrpcSender } from './grpc-client.ts';
import { syslogSubject } from './syslog-subject.ts';

const resolve = createEntityResolver();

/** Sends as an OTLP exporter does: again as long as it is told to. */
async function postLogs(running: RunningSource, texts: readonly string[]): Promise<void> {
  const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const headers = { 'Content-Type': 'application/json' };
  for (;;) {
    const url = `${running.status().target}/v1/logs`;
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.status !== 429 && response.status !== 503) return;
  }
}

testSource('otlp', () =>
  Promise.resolve({
    source: createOtlpSource({
      decoderOf: (source) => createOtlpDecoder({ source, resolve }),
      authorize: () => ok({ id: 'the test' }),
    }),
    settings: { address: '127.0.0.1', port: 0 },
    isAnswered: true,
    send: postLogs,
    async sendGarbage(running) {
      for (const body of ['{"resourceLogs":', '[]', '\u0000\u0001', '{"resourceLogs":7}']) {
        await fetch(`${running.status().target}/v1/logs`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        });
      }
    },
    remove: () => Promise.resolve(),
  }),
);

testSource('otlp over gRPC', () => {
  const open: GrpcSender[] = [];
  const senderTo = (running: RunningSource): GrpcSender => {
    const sender = new GrpcSender(running.status().target);
    open.push(sender);
    return sender;
  };
  return Promise.resolve({
    source: createOtlpSource({
      decoderOf: (source) => createOtlpDecoder({ source, resolve }),
      authorize: () => ok({ id: 'the test' }),
    }),
    settings: { address: '127.0.0.1', port: 0, transport: 'grpc' },
    isAnswered: true,
    async send(running, texts) {
      const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
      const body = encodeParsed('LogsRequest', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
      const sender = senderTo(running);
      while ((await sender.send(body)).code !== 0);
    },
    async sendGarbage(running) {
      const sender = senderTo(running);
      for (const bytes of [[0x0a, 0xff, 0xff], [0xff], [0x0a, 0x02, 0x0a]]) {
        await sender.send(Uint8Array.from(bytes));
      }
    },
    async remove() {
      for (const sender of open) sender.close();
    },
  });
});

testSource('journald', async () => {
  const journal = await WrittenJournal.make();
  return {
    source: createJournaldSource({
      program: journal.program,
      normalizerOf: (source) =>
        journalExportNormalizer({ source, resolve, observedNs: () => timeNs(1n) }),
      resource: { 'host.name': 'test-host' },
      entity: { host: 'test-host' },
    }),
    settings: { directory: journal.folder },
    send: (_running, texts) => journal.add(...texts),
    sendGarbage: () => appendFile(journal.path, 'no name of a field\nMESSAGE=x\n\nA=1\n\n'),
    remove: () => journal.remove(),
  };
});

/** The kernel's part is played by a file: its messages are numbered, and stay until it is gone. */
testSource('kmsg', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-kmsg-source-'));
  const ring = join(folder, 'kmsg');
  await writeFile(ring, '');
  const resource = { 'host.name': 'test-host' };
  const monotonicUs = (): number => Number(process.hrtime.bigint()) / 1e3;
  let next = 0;
  return {
    source: createKmsgSource({
      command: ['tail', '-f', '-n', '+1', ring],
      programs: localPrograms,
      normalizerOf: (source, at) =>
        liveKmsgNormalizer({ source, resolve, observedNs: () => timeNs(1n) }, { resource, at }),
      monotonicUs,
      resource,
      entity: { host: 'test-host' },
      journal: undefined,
      isFound: false,
    }),
    settings: {},
    async send(_running, texts) {
      const line = (text: string): string =>
        `6,${(next += 1)},${Math.round(monotonicUs())},-;${text}\n`;
      await appendFile(ring, texts.map(line).join(''));
    },
    sendGarbage: () => appendFile(ring, 'noise\r\n\n ORPHAN=1\n6,x,1;\n\u00ff\u0000\n'),
    remove: () => rm(folder, { recursive: true }),
  };
});

testSource('file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-file-source-'));
  const path = join(folder, 'app.log');
  await appendFile(path, '');
  return {
    source: createFileSource({
      access: localFileAccess,
      addLineOf: (source) => createLineNormalizer({ source, resolve }),
      resource: { 'host.name': 'test-host' },
    }),
    settings: { paths: [join(folder, '*.log')], pollMs: 5, lookMs: 5 },
    send: (_running, texts) => appendFile(path, texts.map((text) => `${text}\n`).join('')),
    // Any line is a record; of one that is too long the rest is a reject.
    sendGarbage: () =>
      appendFile(
        path,
        Buffer.concat([
          Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x7b, 0x22, 0x0a, 0x0a, 0x0d, 0x0a]),
          Buffer.alloc(300 * 1024, 0xfe),
          Buffer.from('\n'),
        ]),
      ),
    remove: () => rm(folder, { recursive: true }),
  };
});

/** A host below a folder, on which an interface appears for each text. */
testSource('host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-host-source-'));
  await mkdir(join(folder, 'sys', 'class', 'net'), { recursive: true });
  await mkdir(join(folder, 'proc', 'net'), { recursive: true });
  let made = 0;
  return {
    source: createHostSource({
      access: localHostAccess(folder),
      resolve,
      resource: { 'host.name': 'test-host' },
      tellsLinks: true,
    }),
    settings: { interval: '20ms', metrics: false },
    async send(_running, texts) {
      for (const text of texts) {
        const hidden = join(folder, `made-${(made += 1)}`);
        await mkdir(hidden);
        await writeFile(join(hidden, 'operstate'), 'up\n');
        await writeFile(join(hidden, 'flags'), '0x1003\n');
        await writeFile(join(hidden, 'ifindex'), `${made}\n`);
        await rename(hidden, join(folder, 'sys', 'class', 'net', text));
      }
    },
    async sendGarbage() {
      await writeFile(join(folder, 'proc', 'meminfo'), Buffer.from([0xff, 0, 0x0a, 0x22]));
      await writeFile(join(folder, 'proc', 'stat'), 'cpu -1 x\n');
      await writeFile(join(folder, 'proc', 'net', 'dev'), 'eth0: many\n');
    },
    textOf: ({ attributes }) => String(JSON.parse(attributes)['network.interface.name']),
    remove: () => rm(folder, { recursive: true }),
  };
});

testSource('syslog over UDP', () => Promise.resolve(syslogSubject('udp', false)));
testSource('syslog over TCP, counted', () => Promise.resolve(syslogSubject('tcp', true)));
testSource('syslog over TCP, a line each', () => Promise.resolve(syslogSubject('tcp', false)));

/** A message of rtnetlink that an interface was made, behind its stamp, as rtmon writes both. */
function linkMessage(name: string, index: number): Buffer {
  const bytes = Buffer.alloc(24 + 16 + 16 + 4 + 16);
  bytes.writeUInt32LE(24, 0);
  bytes.writeUInt16LE(15, 4);
  bytes.writeUInt32LE(1_795_000_000, 16);
  bytes.writeUInt32LE(bytes.length - 24, 24);
  bytes.writeUInt16LE(16, 28);
  bytes.writeInt32LE(index, 44);
  bytes.writeUInt32LE(0x1003, 48);
  bytes.writeUInt16LE(20, 56);
  bytes.writeUInt16LE(3, 58);
  bytes.write(name, 60, 'latin1');
  return bytes;
}

/** rtmon's part is played by a pipe that keeps what is written while nobody reads. */
testSource('netlink', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-netlink-source-'));
  const pipe = join(folder, 'messages');
  execFileSync('mkfifo', [pipe]);
  const writer = await open(pipe, 'r+');
  const start = join(folder, 'start');
  await writeFile(start, linkMessage('lo', 1).subarray(0, 24));
  const nothing = join(folder, 'nothing');
  await writeFile(nothing, '');
  let made = 1;
  return {
    source: createNetlinkSource({
      decoderOf: (source) =>
        createNetlinkDecoder({ source, resolve, resource: { 'host.name': 'test-host' } }),
      programsOf: () => localPrograms,
      commandsOf: () =>
        ok({
          monitor: ['cat', start, pipe],
          routes: [['cat', nothing]],
          addresses: [['cat', nothing]],
        }),
    }),
    settings: {},
    async send(_running, texts) {
      for (const text of texts) await writer.write(linkMessage(text, (made += 1)));
    },
    sendGarbage: async () => void (await writer.write(Buffer.alloc(90, 0xfe))),
    textOf: ({ attributes }) => String(JSON.parse(attributes)['network.interface.name']),
    async remove() {
      await writer.close();
      await rm(folder, { recursive: true });
    },
  };
});
