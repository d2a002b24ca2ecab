import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { startListener, type ListenerFixture } from './testdata/listener-fixture.ts';
import { createSyslogSource } from './syslog-source.ts';
import { syslogSpecSchema } from './syslog-spec.ts';

describe('syslog over TCP', { timeout: 60_000 }, () => {
  let fixture: ListenerFixture | undefined;
  let store: MemoryTelemetryStore;
  const bodies = (): readonly string[] => store.rows.map(({ body }) => body);
  const start = async (limits = {}, parts = {}): Promise<ListenerFixture> => {
    store = new MemoryTelemetryStore();
    const world = { store, clock: runningClock() };
    fixture = await startListener(world, { transport: 'tcp', limits }, parts);
    return fixture;
  };
  afterEach(async () => {
    fixture?.open();
    await fixture?.running.stop();
    fixture = undefined;
  });

  test('stops reading while nothing becomes durable; then lines come once, in order', async () => {
    const listener = await start({ pendingBytesMax: 256 * 1024 });
    listener.shut();
    const socket = await listener.connect();
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} ${'x'.repeat(1000)}`);
    const isAllWritten = socket.write(`${lines.join('\n')}\n`);
    assert.equal(isAllWritten, false);
    // The sender's own queue stops shrinking once the kernel's buffers are full as well.
    let waiting = Number.POSITIVE_INFINITY;
    while (waiting !== socket.writableLength) {
      waiting = socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assert.ok(waiting > 0, 'the sender waits');
    assert.equal(store.rows.length, 0);
    listener.open();
    socket.end();
    await store.hold(lines.length);
    assert.deepEqual(bodies(), lines);
    await listener.running.stop();
    assert.equal(listener.running.status().backlogBytes, 0);
  });

  test('takes what a sender left unfinished, and gives up on one that trickles', async () => {
    const { rejects, ...listener } = await start({ messageTimeoutMs: 400 });
    const slow = await listener.connect();
    slow.write('whole\nslow');
    const trickle = setInterval(() => slow.write('.'), 50);
    await once(slow, 'close');
    clearInterval(trickle);
    await store.hold(2);
    assert.equal(bodies()[0], 'whole');
    assert.match(bodies()[1] ?? '', /^slow\.+$/);
    assert.match(rejects[0]?.reason ?? '', /127\.0\.0\.1 left a message unfinished for 400 ms/);
    const cut = await listener.connect();
    cut.end('no line end');
    await store.hold(3);
    assert.equal(bodies()[2], 'no line end');
    assert.equal(rejects.length, 1);
  });

  test('closes a connection that says nothing for long', async () => {
    const listener = await start({ idleTimeoutMs: 200 });
    const silent = await listener.connect();
    await once(silent, 'close');
    assert.equal(listener.rejects.length, 0);
  });

  test('refuses connections beyond its limits, and counts them', async () => {
    const { rejects, ...listener } = await start({ connectionsPerSenderMax: 2 });
    const first = await listener.connect();
    await listener.connect();
    const third = await listener.connect();
    await once(third, 'close');
    assert.match(rejects[0]?.reason ?? '', /127\.0\.0\.1 was refused: it has 2 open/);
    first.end();
    await once(first, 'close');
    const fourth = await listener.connect();
    fourth.write('there is room again\n');
    await store.hold(1);
    assert.equal(rejects.length, 1);
  });

  test('reads nothing of who may not send', async () => {
    const listener = await start({}, { originOf: () => undefined });
    const stranger = await listener.connect();
    stranger.write('let me in\n');
    await once(stranger, 'close');
    assert.match(listener.rejects[0]?.reason ?? '', /127\.0\.0\.1 is not in access\.senders/);
    await listener.running.stop();
    assert.equal(store.rows.length, 0);
  });

  test('delivers what it took when it is stopped', async () => {
    const listener = await start();
    const socket = await listener.connect();
    socket.write('one\ntwo\nthr');
    await store.hold(2);
    socket.write('ee\nfour');
    const answered = once(socket, 'end');
    const stopped = listener.running.stop();
    await answered;
    socket.end();
    await stopped;
    assert.deepEqual(bodies(), ['one', 'two', 'three', 'four']);
    assert.equal(listener.running.status().state, 'off');
  });

  test('names the port that is taken', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const source = createSyslogSource({
      readerOf: () => assert.fail('nothing is read'),
      originOf: () => undefined,
    });
    const started = await source.start(syslogSpecSchema.parse({ transport: 'tcp', port }), {
      id: 'x',
      clock: runningClock(),
      log: silentLog,
      deliver: () => assert.fail('nothing is delivered'),
      position: () => undefined,
      reject: () => undefined,
      shed: () => undefined,
      refuse: () => undefined,
    });
    taken.close();
    assert.equal(started.ok, false);
    assert.equal(started.ok ? '' : started.error.code, 'LG_RUNTIME_PORT_TAKEN');
    assert.match(started.ok ? '' : started.error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
  });
});
