import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { encodeParsed } from '../../src/evidence/normalize/otlp/encode-json.ts';
import { GrpcSender } from '../conformance/grpc-client.ts';
import { at, listAt, textAt } from '../place/document.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';
import { makePlace, type Place } from '../place/place.ts';

const OTHERS = 'syslogUdp: false, syslogTcp: false';
const LISTEN = `otlpGrpc: "127.0.0.1:0", ${OTHERS}`;

async function source(place: Place): Promise<unknown> {
  const { body } = await place.api('status');
  return listAt(body, 'sources').find((one) => at(one, 'id') === 'otlp-grpc');
}

/** Where the gRPC listener accepts; it is another port after each start. */
async function target(place: Place): Promise<string> {
  const found = await until(
    'the gRPC listener',
    () => source(place),
    (one) => at(one, 'state') === 'running',
  );
  return textAt(found, 'target');
}

const logs = (texts: readonly string[]) => {
  const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
  const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }];
  return encodeParsed('LogsRequest', {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }],
  });
};

async function stored(place: Place): Promise<readonly string[]> {
  const { body } = await place.api('timeline?component=shop&limit=10000&order=oldest');
  return listAt(body, 'records').map((record) => textAt(record, 'body'));
}

test('what gRPC acknowledged survives kill -9, exactly once', async (t) => {
  const place = await makePlace(t, { listen: LISTEN });
  let daemon = await place.up();
  const acknowledged: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const sender = new GrpcSender(await target(place));
    const goal = acknowledged.length + 120;
    let isKilled = false;
    const work = [0, 1, 2].map(async (lane) => {
      for (let batch = 0; !isKilled; batch += 1) {
        const texts = [0, 1, 2].map((line) => `${round} ${lane} ${batch} ${line}`);
        const { code } = await sender.send(logs(texts), { token: '' });
        if (code === 0) acknowledged.push(...texts);
        else if (isKilled) return;
      }
    });
    await until(
      'acknowledged records',
      async () => acknowledged.length,
      (count) => count >= goal,
    );
    await daemon.kill();
    isKilled = true;
    await Promise.all(work);
    sender.close();
    daemon = await place.up();
  }
  const found = await stored(place);
  assert.equal(new Set(found).size, found.length, 'nothing is stored twice');
  const kept = new Set(found);
  assert.deepEqual(
    acknowledged.filter((text) => !kept.has(text)),
    [],
    'everything acknowledged is stored',
  );
});

test('another certificate is in use after SIGHUP', async (t) => {
  const [port = 0] = await freePorts(1);
  const place = await makePlace(t, {
    listen: `otlpGrpc: "127.0.0.1:${port}", ${OTHERS}`,
    config: (of) =>
      `sources: []\naccess: { tls: { cert: ${of.path('tls.pem')}, key: ${of.path('tls.key')} } }\n`,
  });
  const fixture = (name: string): URL => new URL(`../api/testdata/${name}`, import.meta.url);
  const wear = async (name: string): Promise<void> => {
    await copyFile(fixture(`${name}.pem`), place.path('tls.pem'));
    await copyFile(fixture(`${name}.key`), place.path('tls.key'));
  };
  await wear('first');
  const daemon = await place.up();
  const send = async (name: string): Promise<number> => {
    const certificate = await readFile(fixture(`${name}.pem`));
    const sender = new GrpcSender(`https://127.0.0.1:${port}`, {}, certificate);
    const { code } = await sender.send(logs([name]), { token: '' });
    sender.close();
    return code;
  };
  assert.equal(await send('first'), 0);
  await wear('second');
  process.kill(daemon.pid, 'SIGHUP');
  await until(
    'the second certificate',
    () => send('second'),
    (code) => code === 0,
  );
  assert.notEqual(await send('first'), 0);
});

test('a taken port is told in status, and everything else works', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const bound = other.address();
  assert.ok(bound !== null && typeof bound === 'object');
  const listen = `otlpGrpc: "127.0.0.1:${bound.port}", ${OTHERS}`;
  const place = await makePlace(t, { listen });
  await place.up();
  const taken = await source(place);
  assert.equal(at(taken, 'state'), 'failed');
  assert.match(textAt(taken, 'problem'), /LG_RUNTIME_PORT_TAKEN: OTLP\/gRPC on 127\.0\.0\.1/);
  assert.equal((await place.api('health')).status, 200);
});

test('gRPC open to others without TLS and tokens is refused', async (t) => {
  const place = await makePlace(t, { listen: `otlpGrpc: "0.0.0.0:0", ${OTHERS}` });
  const ended = await place.run(['up', '--config', place.configFile]);
  assert.equal(ended.code, 2);
  assert.match(ended.err, /LG_ACCESS_LISTENER_OPEN: .*yaml:1:\d+: listen\.otlpGrpc: .* TLS/s);
});
