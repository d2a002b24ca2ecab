import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { at, listAt, textAt } from '../place/document.ts';
import { until } from '../place/until.ts';
import { watchHealth } from '../place/health-watch.ts';
import { configText, makePlace, type Place } from '../place/place.ts';

const LISTENERS = 'otlpGrpc: false, syslogUdp: "127.0.0.1:0", syslogTcp: "127.0.0.1:0"';

/** The port of a listener, which the system chose. */
async function portOf(place: Place, source: string): Promise<number> {
  const found = await until(
    `the port of ${source}`,
    () => statusOf(place, source),
    (status) => at(status, 'state') === 'running',
  );
  return Number(new URL(textAt(found, 'target')).port);
}

async function statusOf(place: Place, source: string): Promise<unknown> {
  const { body } = await place.api('sources');
  return listAt(body, 'sources').find((one) => at(one, 'id') === source);
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.resume();
  return socket;
}

/** Everything stored of one source, oldest first. */
async function stored(place: Place, source: string): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  for (let cursor = ''; ;) {
    const { body } = await place.api(`timeline?limit=10000&order=oldest${cursor}`);
    records.push(...listAt(body, 'records'));
    const next = at(body, 'nextCursor');
    if (typeof next !== 'string') break;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  return records.filter((record) => at(record, 'source', 'id') === source);
}

const SAMPLE = [
  '<165>1 2003-10-11T22:14:15.003Z web1 evntslog 8710 ID47 [a@1 k="v\\"w"] \ufeffAn event\n',
  '<34>1 2026-11-21T01:02:03.000004+01:00 web1 su - - - first\n',
  '<34>1 2026-11-21T01:02:03.000005+01:00 web1 su - - - second\n',
  '<34>Oct 11 22:14:15 mymachine su[12]: failed for lonvick on /dev/pts/8\n',
  '49 <13>1 2026-11-21T01:02:04Z web2 app 1 - - counted\n',
  '<189>12: r1: *Mar  1 18:46:11.123 UTC: %SYS-5: x\r\n',
  `<11>1 2026-11-21T01:02:05Z web2 app 1 - - ${'long '.repeat(20_000)}end\n`,
  '<13>1 2026-11-21T01:02:06Z web2 app 1 - [broken\n',
  'no priority, höflich\n',
  '<14>1 - web3 - - - -\n',
].join('');

test('syslog is stored as `normalize` prints it', async (t) => {
  const place = await makePlace(t, { listen: LISTENERS });
  const daemon = await place.up();
  await place.write('sample', SAMPLE);
  const socket = await opened(await portOf(place, 'syslog-tcp'));
  socket.end(SAMPLE);
  const printed = await place.run(['normalize', '--format', 'syslog', place.path('sample')]);
  assert.equal(printed.code, 0, printed.err);
  const wanted = printed.json.filter((line) => at(line, 'reject') === undefined);
  assert.ok(wanted.length >= 9);
  const found = await until(
    'all records',
    () => stored(place, 'syslog-tcp'),
    (records) => records.length >= wanted.length,
  );
  assert.deepEqual(found.map(comparable).toSorted(), wanted.map(comparable).toSorted());
  const rejects = printed.json.length - wanted.length;
  assert.equal(at(await statusOf(place, 'syslog-tcp'), 'rejects'), rejects);
  await daemon.stop();
});

/** A record without what depends on where and when it was read. */
function comparable(record: unknown): string {
  const attributes = Object.entries(Object(at(record, 'attributes'))).filter(
    ([key]) => key !== 'source.address',
  );
  const of = (...names: readonly string[]) => names.map((name) => at(record, name));
  // Who names no host is this machine where it listens, and nobody in a file.
  const isNamed = at(record, 'resource', 'host.name') !== undefined;
  return JSON.stringify([
    of('kind', 'time', 'severity', 'body', 'service'),
    Object.fromEntries(attributes),
    isNamed && !String(at(record, 'body')).startsWith('no priority') ? of('host', 'resource') : [],
  ]);
}

test('a syslog listener open to anybody is refused; named networks open it', async (t) => {
  const listen = 'otlpGrpc: false, syslogTcp: false, syslogUdp: "0.0.0.0:0"';
  const place = await makePlace(t, { listen });
  const refused = await place.run(['up']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^error LG_ACCESS_SENDERS_OPEN: .*yaml:1:\d+: listen\.syslogUdp: /m);
  const named = 'sources: []\naccess: { senders: [192.0.2.0/24] }\n';
  await place.write('lastgood.yaml', configText(place, named, listen));
  const daemon = await place.up();
  assert.ok((await portOf(place, 'syslog-udp')) > 0);
  await daemon.stop();
  const broken = 'listen: { syslogTls: "127.0.0.1:6514" }\naccess: { senders: [300.1.1.1/8] }\n';
  await place.write('lastgood.yaml', broken);
  const checked = await place.run(['config', 'check']);
  assert.equal(checked.code, 2);
  assert.match(checked.err + checked.out, /write a network as 10\.0\.0\.0\/8/);
  await place.write('lastgood.yaml', 'listen: { syslogTls: "127.0.0.1:6514" }\n');
  const bare = await place.run(['config', 'check']);
  assert.equal(bare.code, 2);
  assert.match(bare.err + bare.out, /listen\.syslogTls.*needs a certificate/s);
});

test('health answers in a flood of all kinds, and TCP loses nothing', async (t) => {
  const place = await makePlace(t, {
    listen: LISTENERS,
    config: () => 'sources: []\ncomponents: []\n',
  });
  const daemon = await place.up();
  const tcp = await portOf(place, 'syslog-tcp');
  const udp = await portOf(place, 'syslog-udp');
  const watch = watchHealth(daemon.url);

  const trickling = await Promise.all(Array.from({ length: 100 }, () => opened(tcp)));
  const trickle = setInterval(() => trickling.forEach((socket) => socket.write('x')), 100);
  const sent = 20_000;
  await Promise.all([
    floodLines(tcp, 'one', sent),
    floodLines(tcp, 'two', sent),
    floodGarbage(tcp),
    floodGiant(tcp),
    floodDatagrams(udp, sent),
  ]);
  clearInterval(trickle);
  trickling.forEach((socket) => socket.destroy());
  await until(
    'the last lines',
    () => lastOf(place),
    (last) => last === `one ${sent - 1}|two ${sent - 1}`,
  );
  const times = await watch.end();
  const at95 = times[Math.floor(times.length * 0.95)] ?? 0;
  t.diagnostic(`health: ${times.length} answers, 19 of 20 within ${at95.toFixed(0)} ms`);
  t.diagnostic(`the slowest took ${times.at(-1)?.toFixed(0)} ms`);
  // How fast is for the bench to measure; every answer but 200 fails the watch's end.
  assert.ok(times.length > 0, 'health answered during the flood');

  const bodies = (await stored(place, 'syslog-tcp')).map((record) => String(at(record, 'body')));
  for (const mark of ['one', 'two']) {
    const numbers = bodies
      .filter((body) => body.startsWith(`${mark} `))
      .map((body) => Number(body.slice(4)));
    assert.equal(numbers.length, sent, `each line of ${mark} once`);
    assert.equal(new Set(numbers).size, sent);
  }
  const status = await statusOf(place, 'syslog-udp');
  const [records, shed] = [Number(at(status, 'records')), Number(at(status, 'shed'))];
  t.diagnostic(`datagrams: ${records} stored, ${shed} shed of ${sent}`);
  assert.equal(records + shed, sent, 'each datagram is stored or counted as shed');
  const { code } = await daemon.stop();
  assert.equal(code, 0, daemon.notes());
});

async function lastOf(place: Place): Promise<string> {
  const last = async (mark: string): Promise<string> => {
    const { body } = await place.api(`timeline?limit=1&order=newest&component=flood-${mark}`);
    return String(at(listAt(body, 'records')[0], 'body'));
  };
  return `${await last('one')}|${await last('two')}`;
}

async function floodLines(port: number, mark: string, count: number): Promise<void> {
  const socket = await opened(port);
  const start = Date.now();
  for (let from = 0; from < count; from += 1_000) {
    const lines = Array.from({ length: 1_000 }, (_, index) => {
      const stamp = new Date(start + from + index).toISOString();
      return `<14>1 ${stamp} web1 flood-${mark} - - - ${mark} ${from + index}\n`;
    });
    if (!socket.write(lines.join(''))) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
}

async function floodGarbage(port: number): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const socket = await opened(port);
    const bytes = Buffer.from(
      Array.from({ length: 20_000 }, (_, at) => (at * 7919 + round * 31) % 251),
    );
    socket.end(bytes);
    await once(socket, 'close');
  }
}

/** Sixteen mebibytes without a line end, and a count that promises more than ever comes. */
async function floodGiant(port: number): Promise<void> {
  const line = await opened(port);
  line.write('<13>');
  for (let at = 0; at < 16; at += 1) {
    if (!line.write(Buffer.alloc(1024 * 1024, 0x61))) await once(line, 'drain');
  }
  line.end();
  await once(line, 'close');
  const counted = await opened(port);
  counted.end(`9999999 <13>${'b'.repeat(100_000)}`);
  await once(counted, 'close');
}

async function floodDatagrams(port: number, count: number): Promise<void> {
  const socket = createSocket('udp4');
  for (let number = 0; number < count; number += 1) {
    await new Promise<void>((resolve) => {
      socket.send(`<14>1 - web1 flood-udp - - - datagram ${number}`, port, '127.0.0.1', () =>
        resolve(),
      );
    });
  }
  socket.close();
}
