import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { addressWord, dropsOf } from './kernel-drops.ts';
import { MemoryTelemetryStore } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import { startListener, type ListenerFixture } from './testdata/listener-fixture.ts';
import { isShed } from './shed-policy.ts';

describe('syslog over UDP', { timeout: 60_000 }, () => {
  let fixture: ListenerFixture | undefined;
  let store: MemoryTelemetryStore;
  const bodies = (): readonly string[] => store.rows.map(({ body }) => body);
  let sender: Socket;
  const start = async (limits = {}, parts = {}): Promise<ListenerFixture> => {
    store = new MemoryTelemetryStore();
    const world = { store, clock: runningClock() };
    fixture = await startListener(world, { transport: 'udp', limits }, parts);
    return fixture;
  };
  const send = (port: number, text: string): Promise<void> =>
    new Promise((resolve) => {
      sender.send(text, port, '127.0.0.1', () => resolve());
    });
  beforeEach(() => {
    sender = createSocket('udp4');
  });
  afterEach(async () => {
    sender.close();
    fixture?.open();
    await fixture?.running.stop();
    fixture = undefined;
  });

  test('makes a record of each datagram, the largest too', async () => {
    const listener = await start();
    const large = 'x'.repeat(65_507);
    for (const text of ['one', large, 'two\nlines']) await send(listener.port, text);
    await store.hold(3);
    assert.deepEqual(bodies(), ['one', large, 'two\nlines']);
    assert.equal(store.rows[0]?.sender, '127.0.0.1');
  });

  test('sheds what has no room, counts all of it, and says so', async () => {
    const listener = await start({ pendingBytesMax: 2_000 });
    listener.shut();
    const sent = 1_000;
    for (let at = 0; at < sent; at += 1) await send(listener.port, `<11>message ${at}`);
    const counted = (): number => {
      // What the kernel dropped is read when the status is asked for.
      listener.running.status();
      return store.rows.length + listener.shed.reduce((sum, { records }) => sum + records, 0);
    };
    while (counted() < sent - 200) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(listener.shed[0]?.why ?? '', /informational ones first; send over TCP/);
    listener.open();
    while (counted() < sent) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(counted(), sent);
    assert.equal(bodies()[0], '<11>message 0');
    await send(listener.port, 'after the flood');
    await store.hold(store.rows.length + 1);
    assert.equal(bodies().at(-1), 'after the flood');
  });

  test('counts datagrams of who may not send, and stores none', async () => {
    const listener = await start({}, { originOf: () => undefined });
    await send(listener.port, '<13>let me in');
    while (listener.rejects.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.match(listener.rejects[0]?.reason ?? '', /127\.0\.0\.1 is not in access\.senders/);
    assert.equal(listener.rejects[0]?.input, '<13>let me in');
    assert.equal(store.rows.length, 0);
  });
});

test('in a flood what is grave is taken longer than what informs', () => {
  const [error, info, plain] = [utf8('<11>x'), utf8('<14>x'), utf8('no priority')];
  assert.deepEqual(
    [0.4, 0.6, 1].map((fill) => [error, info, plain].map((each) => isShed(each, fill))),
    [
      [false, false, false],
      [false, true, false],
      [true, true, true],
    ],
  );
});

test('reads from the kernel how many datagrams it dropped for one address', () => {
  const line = (local: string, drops: number): string =>
    ` 123: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000  0  0 11 2 0 ${drops}`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when … inode ref pointer drops',
    line('0100007F:158A', 42),
    line('00000000:158A', 7),
    line('0100007F:0035', 1),
  ].join('\n');
  assert.equal(dropsOf(table, '0100007F', 5514), 42);
  assert.equal(dropsOf(table, undefined, 5514), 49);
  assert.equal(dropsOf('', undefined, 5514), 0);
  assert.equal(addressWord('0.0.0.0'), '00000000');
});
