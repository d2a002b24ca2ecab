import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { startListener, type ListenerFixture } from './testdata/listener-fixture.ts';

const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'testdata', `${name}.pem`), 'utf8');

const own = { cert: pem('server'), key: pem('server'), minVersion: 'TLSv1.2' } as const;
const demanding = { ...own, ca: pem('ca'), requestCert: true, rejectUnauthorized: true };

/** Waits for the end of a socket, whether or not an error came first. */
function closed(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

describe('syslog over TLS', { timeout: 60_000 }, () => {
  let fixture: ListenerFixture | undefined;
  let store: MemoryTelemetryStore;
  const bodies = (): readonly string[] => store.rows.map(({ body }) => body);
  const start = async (tls: object, limits = {}): Promise<ListenerFixture> => {
    store = new MemoryTelemetryStore();
    const world = { store, clock: runningClock() };
    fixture = await startListener(world, { transport: 'tls', limits }, { tls });
    return fixture;
  };
  const open = (port: number, options: ConnectionOptions = {}): TLSSocket => {
    const socket = connect({ port, host: '127.0.0.1', ca: pem('ca'), ...options });
    socket.on('error', () => undefined);
    socket.resume();
    return socket;
  };
  afterEach(async () => {
    await fixture?.running.stop();
    fixture = undefined;
  });

  test('takes lines of a sender that trusts our authority', async () => {
    const listener = await start(own);
    const socket = open(listener.port);
    socket.end('first\nsecond\n');
    await store.hold(2);
    assert.deepEqual(bodies(), ['first', 'second']);
    assert.match(listener.running.status().target, /^tls:/);
  });

  test('refuses a sender without a certificate of the authority, and counts it', async () => {
    const listener = await start(demanding);
    for (const options of [{}, { cert: pem('stranger'), key: pem('stranger') }]) {
      const stranger = open(listener.port, options);
      stranger.write('let me in\n');
      await closed(stranger);
    }
    const known = open(listener.port, { cert: pem('client'), key: pem('client') });
    known.write('known\n');
    await store.hold(1);
    assert.deepEqual(bodies(), ['known']);
    assert.equal(listener.rejects.length, 2);
    assert.match(listener.rejects[0]?.reason ?? '', /handshake of 127\.0\.0\.1 failed/);
  });

  test('survives plain text and silence where a handshake should be', async () => {
    const listener = await start(own, { handshakeTimeoutMs: 300, connectionsPerSenderMax: 2 });
    const plain = await listener.connect();
    const silent = await listener.connect();
    plain.write('<13>not a handshake\n');
    await Promise.all([once(plain, 'close'), once(silent, 'close')]);
    assert.equal(listener.rejects.length, 2);
    // Both places are free again.
    for (const text of ['a\n', 'b\n']) open(listener.port).write(text);
    await store.hold(2);
  });

  test('stops although a sender keeps its connection open', async () => {
    const listener = await start(own);
    const socket = open(listener.port);
    socket.write('here\n');
    await store.hold(1);
    await listener.running.stop();
    assert.equal(listener.running.status().state, 'off');
  });
});
