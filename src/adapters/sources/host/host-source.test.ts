import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLog } from '../../../base/log.ts';
import { unwrap } from '../../../base/result.ts';
import { MemoryTelemetryStore, type StoredRow } from '../../../testing/memory-telemetry-store.ts';
import { runningClock } from '../../../testing/running-clock.ts';
import type { RunningSource } from '../../../ports/source.ts';
import type { HostAccess } from './host-access.ts';
import { localHostAccess } from './host-access.ts';
import { createHostSource } from './host-source.ts';

/** A host whose files and space a test sets. */
class SetHost implements HostAccess {
  readonly files = new Map<string, string>();
  usedShare = 0.1;

  read(path: string): string | undefined {
    return this.files.get(path);
  }

  names(folder: string): readonly string[] {
    const below = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
  }

  space() {
    const freeBytes = Math.round(1000 * (1 - this.usedShare));
    const files = { files: 100, freeFiles: 90 };
    return Promise.resolve({ bytes: 1000, freeBytes, availableBytes: freeBytes, ...files });
  }

  boot(id: string, uptimeS: string): void {
    this.files.set('/proc/sys/kernel/random/boot_id', `${id}\n`);
    this.files.set('/proc/uptime', `${uptimeS} 1.00\n`);
  }

  link(name: string, oper: string, flags: string): void {
    this.files.set(`/sys/class/net/${name}/operstate`, `${oper}\n`);
    this.files.set(`/sys/class/net/${name}/flags`, `${flags}\n`);
    this.files.set(`/sys/class/net/${name}/ifindex`, '2\n');
  }
}

const MOUNT = '27 1 254:0 / /srv rw,relatime - ext4 /dev/vda rw\n';
const resolve = () => ({ component: 'web1', host: 'web1', clock: 'host:web1' });

async function started(
  access: HostAccess,
  store: MemoryTelemetryStore,
  settings: unknown,
): Promise<RunningSource> {
  const resource = { 'host.name': 'web1' };
  const source = createHostSource({ access, resolve, resource, tellsLinks: true });
  const spec = await source.specSchema['~standard'].validate(settings);
  assert.ok(spec.issues === undefined);
  return unwrap(
    await source.start(spec.value, {
      id: 'host',
      clock: runningClock(),
      log: silentLog,
      deliver: (batch, origin) => store.append(batch, { source: 'host', ...origin }),
      position: () => store.position('host'),
      reject: () => undefined,
      shed: () => undefined,
      refuse: () => undefined,
    }),
  );
}

const events = { interval: '20ms', metrics: false };

function attributesOf(row: StoredRow | undefined): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(row?.attributes ?? '{}');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

describe('host source', { timeout: 30_000 }, () => {
  test('a file system that fills up and is emptied tells both, under different names', async () => {
    const [host, store] = [new SetHost(), new MemoryTelemetryStore()];
    host.files.set('/proc/self/mountinfo', MOUNT);
    const source = await started(host, store, events);
    host.usedShare = 0.9;
    await store.hold(1);
    host.usedShare = 0.97;
    await store.hold(2);
    host.usedShare = 0.2;
    await store.hold(3);
    await source.stop();
    assert.deepEqual(
      store.rows.map(({ eventName, severity }) => [eventName, severity]),
      [
        ['filesystem.threshold_crossed', 13],
        ['filesystem.threshold_crossed', 18],
        ['filesystem.threshold_cleared', 9],
      ],
    );
    assert.equal(
      store.rows[0]?.body,
      'the file system /srv: 90 % in use, over the threshold of 85 %',
    );
    const attributes = attributesOf(store.rows[0]);
    assert.equal(attributes['system.filesystem.mountpoint'], '/srv');
    assert.equal(attributes['threshold'], 0.85);
    assert.equal(attributes['value'], 0.9);
    assert.equal(attributes['hysteresis'], 0.05);
  });

  test('a crossed threshold is not told again after a restart', async () => {
    const [host, store] = [new SetHost(), new MemoryTelemetryStore()];
    host.files.set('/proc/self/mountinfo', MOUNT);
    host.usedShare = 0.9;
    const first = await started(host, store, events);
    await store.hold(1);
    await first.stop();
    const second = await started(host, store, events);
    host.usedShare = 0.1;
    await store.hold(2);
    await second.stop();
    assert.deepEqual(
      store.rows.map(({ eventName }) => eventName),
      ['filesystem.threshold_crossed', 'filesystem.threshold_cleared'],
    );
  });

  test('a new boot is told with its time, and no change of interfaces with it', async () => {
    const [host, store] = [new SetHost(), new MemoryTelemetryStore()];
    host.boot('aaaaaaaa', '20.00');
    host.link('eth0', 'up', '0x1003');
    const first = await started(host, store, events);
    await store.hold(1);
    await first.stop();
    host.boot('bbbbbbbb', '90000.00');
    host.link('eth0', 'down', '0x1003');
    const second = await started(host, store, events);
    await store.hold(2);
    host.link('eth0', 'up', '0x1003');
    await store.hold(3);
    await second.stop();
    assert.deepEqual(
      store.rows.map(({ eventName }) => eventName),
      ['host.started', 'host.started', 'network.interface.state_changed'],
    );
    const [, again] = store.rows;
    const agoS = Number((again?.observedNs ?? 0n) - (again?.time ?? 0n)) / 1e9;
    assert.equal(Math.round(agoS), 90_000);
  });

  test('a link that fails is an error, one that somebody switches off is a notice', async () => {
    const [host, store] = [new SetHost(), new MemoryTelemetryStore()];
    host.link('eth0', 'up', '0x1003');
    const source = await started(host, store, events);
    host.link('eth0', 'down', '0x1003');
    await store.hold(1);
    host.link('eth0', 'down', '0x1002');
    await store.hold(2);
    host.link('eth0', 'up', '0x1003');
    await store.hold(3);
    await source.stop();
    assert.deepEqual(
      store.rows.map(({ severity, body }) => [severity, body]),
      [
        [17, 'interface eth0 went from up to down'],
        [10, 'interface eth0 went from down to down, switched off'],
        [9, 'interface eth0 went from switched off to up'],
      ],
    );
    assert.equal(attributesOf(store.rows[0])['network.interface.previous_oper_state'], 'up');
  });

  test('this very host gives metrics with names and units of OpenTelemetry', async () => {
    const store = new MemoryTelemetryStore();
    const settings = { interval: '20ms', slowInterval: '20ms' };
    const source = await started(localHostAccess(), store, settings);
    await store.hold(40);
    await source.stop();
    const series = store.rows.filter(({ kind }) => kind === 'metric').map(attributesOf);
    const units = new Map(series.map((row) => [row['metric.name'], row['metric.unit']]));
    assert.equal(units.get('system.memory.utilization'), '1');
    assert.equal(units.get('system.memory.usage'), 'By');
    assert.equal(units.get('system.filesystem.utilization'), '1');
    assert.equal(units.get('system.process.count'), '{process}');
    for (const row of series) assert.equal(typeof row['metric.value'], 'number');
    assert.equal(source.status().problem, undefined);
  });
});
